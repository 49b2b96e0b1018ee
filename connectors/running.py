"""Starting everything: what must be made is made, both processes run, addresses are said."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from connectors.app import ACTIONS_PATH, create_app, utc_now
from connectors.console.auth import first_agent
from connectors.database import Database
from connectors.identifiers import new_token
from connectors.migrations import migrate
from connectors.rasa.process import RasaCommand, RasaNotReady, RasaProcess
from connectors.rasa.train import MODEL_NAME, train
from connectors.settings import Settings
from knowledge_base import adapter
from knowledge_base.catalogue import digest
from knowledge_base.embedded_model import is_built
from knowledge_base.encoder import encoder_name
from knowledge_base.index import is_current
from knowledge_base.steps import step

#: Seconds between two looks at whether the service has started.
_POLL = 0.1
Tell = Callable[[str], None]


class StartFailed(Exception):
    """The service cannot start; the message says why, for the operator."""


def prepare(settings: Settings, tell: Tell) -> Path | None:
    """Make what is missing or out of date; return the dialogue model, None without Rasa.

    Raises StartFailed or TrainingFailed.
    """
    _build_index(settings)
    migrate(settings.database)
    database = Database(settings.database)
    try:
        with database.session() as session:
            made = first_agent(session, utc_now())
    finally:
        database.close()
    if made is not None:
        login, password = made
        tell("Premier compte de la console (affiché une seule fois) :")
        tell(f"    identifiant  {login}")
        tell(f"    mot de passe {password}")
    if not settings.rasa_enabled or settings.rasa_url is not None:
        return None
    python = settings.rasa_interpreter
    if not python.exists():
        raise StartFailed(
            f"Rasa n’est pas installé ({python} manque) : lancez « make run », "
            "ou RASA_ENABLED=false pour répondre sans lui."
        )
    return train(python, settings.models / MODEL_NAME, tell=tell)


def _build_index(settings: Settings) -> None:
    """Build the index in a process of its own, whose memory is given back."""
    names = [encoder_name(spec) for spec in settings.encoders]
    built = is_built(settings.danger_model, adapter.DANGER) and (
        settings.encoder is not None or is_built(settings.embedded_model)
    )
    if built and is_current(settings.index, digest(), names):
        return
    encoder = ["--encoder", settings.encoder] if settings.encoder else []
    command = [
        sys.executable, "-m", "knowledge_base", "--var", str(settings.var_dir), *encoder,
        "--second-encoder", settings.second_encoder or "", "build", "--follow-parent",
    ]  # fmt: skip
    # Its input closes when this process ends in any way: it ends too.
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:  # noqa: S603 - our own command
        code = child.wait()
    if code != 0:
        raise StartFailed("L’index de recherche n’a pas pu être construit.")


async def serve(settings: Settings, model: Path | None, tell: Tell) -> None:
    """Run Rasa and the service until Ctrl-C; both are stopped on every way out."""
    settings = settings.model_copy(
        update={"actions_token": settings.actions_token or SecretStr(new_token())}
    )
    rasa = _rasa(settings, model) if model is not None else None
    if rasa is not None:
        await rasa.start()
    config = uvicorn.Config(
        create_app(settings), host=settings.host, port=settings.port, log_level="warning",
        log_config=None, access_log=False, server_header=False, proxy_headers=settings.https,
    )  # fmt: skip
    server = uvicorn.Server(config)
    announcing = asyncio.create_task(_announce(settings, server, rasa, tell))
    try:
        await server.serve()
    finally:
        announcing.cancel()
        if rasa is not None:
            await rasa.stop()
        tell("Arrêté.")


def _rasa(settings: Settings, model: Path) -> RasaProcess:
    assert settings.actions_token is not None  # noqa: S101 - set by the caller
    local = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return RasaProcess(
        RasaCommand(
            python=settings.rasa_interpreter,
            model=model,
            port=settings.rasa_port,
            actions_url=f"http://{local}:{settings.port}{ACTIONS_PATH}",
            actions_token=settings.actions_token.get_secret_value(),
            log_file=settings.var_dir / "log" / "rasa.log",
        )
    )


async def _announce(
    settings: Settings, server: uvicorn.Server, rasa: RasaProcess | None, tell: Tell
) -> None:
    with step("Service", "chargement des modèles", tell):
        while not server.started:
            await asyncio.sleep(_POLL)
    if rasa is not None:
        try:
            with step("Rasa", "démarrage (une vingtaine de secondes)", tell):
                await rasa.wait_until_ready()
        except RasaNotReady as error:
            tell(f"Rasa ne répond pas encore ({error}) : le service répond seul en attendant.")
    tell("")
    tell(f"Prêt. Assistant : {settings.url}/")
    tell(f"      Console   : {settings.url}/console")
    tell("      Ctrl-C pour arrêter.")
