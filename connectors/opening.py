"""Opening what the conversation knows: catalogue, index, directory, rules, texts."""

from __future__ import annotations

from datetime import date

from assistant.conversation import ContactGiven
from assistant.knowledge import ContactRefused, Knowledge
from assistant.understanding.language import load_languages
from assistant.understanding.reader import load_reader
from assistant.urgency import load_dangers
from assistant.urgency.model import DangerModel
from assistant.wording import load_wording
from connectors.handoff.contact import ContactInvalid, find_contact, hide_contact, validate_contact
from connectors.settings import Settings
from knowledge_base import catalogue, freshness
from knowledge_base.encoder import load_encoder
from knowledge_base.geography import load_communes
from knowledge_base.places import load_directory
from knowledge_base.search import Searcher


def open_knowledge(settings: Settings, today: date) -> Knowledge:
    """Load everything once; cards too old on ``today`` go back or are hidden.

    Raises StaleIndex, CatalogueError or EncoderError.
    """
    known = freshness.as_of(catalogue.load(), today)
    encoders = [load_encoder(spec, settings.encoder_threads) for spec in settings.encoders]
    communes = load_communes()
    return Knowledge(
        catalogue=known,
        search=Searcher.open(settings.index, known, encoders),
        directory=load_directory(communes=communes),
        communes=communes,
        facts=load_reader(communes),
        dangers=load_dangers(known, _danger_model(settings), communes),
        languages=load_languages(),
        wording=load_wording(),
        contact=read_contact,
        hide_contact=hide_contact,
    )


def _danger_model(settings: Settings) -> DangerModel:
    return DangerModel.open(settings.danger_model, threads=settings.encoder_threads)


def read_contact(text: str) -> ContactGiven:
    """Return the phone or e-mail found in ``text``. Raises ContactRefused."""
    phone, email = find_contact(text)
    if phone is None and email is None:
        # What was typed may be a number with a mistake: the reason helps to correct it.
        typed_email = text if "@" in text else None
        typed_phone = text if typed_email is None and any(map(str.isdigit, text)) else None
        try:
            # « 6 12 34 56 78 »: a number that only reads as one when it is all that was typed.
            checked = validate_contact(typed_phone, typed_email)
        except ContactInvalid as invalid:
            raise ContactRefused(" ".join(invalid.problems.values())) from invalid
        phone, email = checked.phone, checked.email
    return ContactGiven(phone=phone, email=email)
