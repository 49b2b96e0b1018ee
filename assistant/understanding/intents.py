"""A plain reading of the intent for when Rasa does not answer: fewer nuances, same doors."""

from __future__ import annotations

import re

from assistant.names import Intent
from knowledge_base.tokens import fold

_MARKS = re.compile(r"[’'`´\-_/()\"«»!?.,;:]+")
#: In order: the first that matches wins. Patterns of the whole message are anchored.
_RULES = tuple(
    (intent, re.compile(pattern))
    for intent, pattern in (
        (Intent.ERASE, r"\b(efface|effacer|supprime|supprimer|oublie) .*(donnees|tout|conversation|message)|^effacer?$"),
        (Intent.RESTART, r"^(recommence\w*|on recommence|reprendre a zero|repartir de zero|nouvelle conversation|restart)\b"),
        (Intent.CASE_STATUS, r"\bou en est\b|\b(nouvelles|suivi|avancement) de (ma|la) demande|\bmon code\b|\bma demande (est|en est|a ete)\b"),
        (Intent.ASK_HUMAN, r"\b(parler|discuter|joindre|voir|contacter|appeler|avoir) (a |avec )?(quelqu un|une? (vraie? )?(personne|humain|conseiller\w*|agent)|un humain)|\b(rappele[rz]|humain|vraie personne)\b|\bqu on m (appelle|aide en vrai)"),
        (Intent.WHY_THIS_QUESTION, r"\bpourquoi (vous|tu|cette|ca|me|demande\w*|cette question)|^pourquoi$|\bca vous regarde|\ben quoi ca"),
        (Intent.ASK_RIGHT, r"\b(c est quoi|qu est ce que (c est )?|ca veut dire quoi|definition|expliqu\w+ moi|comment (ca )?marche|ca sert a quoi) "),
        (Intent.ASK_PLACE, r"\b(ou (puis je|je peux|dois je|faut il|aller|est ce que je peux aller|se trouve)|adresse|horaires?|quel bureau|quel lieu|pres de chez moi|lieux?)\b"),
        (Intent.CORRECT, r"^(non )?(en fait|je me suis tromp|pardon|erreur|je voulais dire|plutot|finalement|c est pas moi)|\bje me suis trompe"),
        (Intent.DONT_KNOW, r"^(je )?(ne |n )?(sais|sait|c|se|sai) (pas|plus|pa)|^(jsp|j sais pas|chais pas|chepa|aucune idee|bof|j en sais rien|sais pas)"),
        (Intent.REFUSE_TO_ANSWER, r"\b(prefere|veux) (pas|ne pas|pas) (repondre|dire|le dire|en parler)|\bca ne vous regarde|\bpas envie de (repondre|dire)|\bpasser? (la|cette) question|^passe$"),
        (Intent.GREET, r"^(bonjour|bonsoir|salut|coucou|hello|bjr|slt|cc|hey|re|bsr)( \w+){0,2}$"),
        (Intent.THANKS, r"^(ok |super |bien )?(merci|mrc|mci)\b( \w+){0,5}$"),
        (Intent.GOODBYE, r"^(au revoir|a bientot|bonne (journee|soiree|nuit)|bye|ciao|adieu|a plus|aurevoir)\b"),
        (Intent.AFFIRM, r"^(oui|ouais|ui|wi|yes|ok|d accord|dac|c est ca|exact\w*|tout a fait|bien sur|voila|je veux bien|okay)( \w+){0,3}$"),
        (Intent.DENY, r"^(non|nan|nn|pas du tout|jamais|aucune?|no|non merci)( \w+){0,3}$"),
        (Intent.INSULT, r"\b(connard|connasse|encule|salope|pute|batard|ta gueule|nique|fdp|abruti|debile|va te faire)\b"),
    )
)  # fmt: skip


def guess_intent(text: str) -> Intent:
    """Return the intent that rules find in ``text``; a need when none does."""
    plain = " ".join(_MARKS.sub(" ", fold(text)).split())
    for intent, pattern in _RULES:
        if pattern.search(plain):
            return intent
    return Intent.DESCRIBE_NEED


#: Requests of the buttons, as intents that Rasa knows.
def intent_of_choice(value: str) -> Intent:
    """Return the intent under which a choice travels to Rasa."""
    request = value.removeprefix("do:")
    known = {intent.value for intent in Intent}
    return Intent(request) if value.startswith("do:") and request in known else Intent.INFORM
