"""Command line of the service: ``python -m connectors run | agent | password | reviews``."""

from __future__ import annotations

import os

# Before any native library loads: spinning threads cost more than they give on two cores.
for _name, _value in (
    ("OMP_WAIT_POLICY", "passive"),
    ("OMP_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("TOKENIZERS_PARALLELISM", "false"),
):
    os.environ.setdefault(_name, _value)

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence

import uvloop
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors import logs
from connectors.app import utc_now
from connectors.console.auth import create_agent, new_password, set_password
from connectors.database import AgentRecord, Database
from connectors.encryption import Vault, load_or_create_key
from connectors.migrations import migrate
from connectors.rasa.train import TrainingFailed
from connectors.reviews import queue_reviews
from connectors.running import StartFailed, prepare, serve
from connectors.settings import Settings
from knowledge_base import catalogue
from knowledge_base.hours import PARIS
from knowledge_base.places import load_directory
from knowledge_base.reviews import reviews
from knowledge_base.steps import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m connectors", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="commande")
    run = commands.add_parser("run", help="préparer puis démarrer Rasa et le service")
    run.set_defaults(command=_run)
    agent = commands.add_parser("agent", help="créer un compte de la console")
    agent.add_argument("login")
    agent.add_argument("name", help="nom affiché")
    agent.set_defaults(command=_agent)
    password = commands.add_parser("password", help="donner un nouveau mot de passe à un compte")
    password.add_argument("login")
    password.set_defaults(command=_password)
    to_review = commands.add_parser("reviews", help="écrire aux responsables ce qui est à relire")
    to_review.set_defaults(command=_reviews)
    options = parser.parse_args(arguments)
    logs.set_up()
    settings = Settings()
    try:
        return int(options.command(options, settings))
    except (StartFailed, TrainingFailed) as error:
        print(error, file=sys.stderr)
        return 1


def _run(_: argparse.Namespace, settings: Settings) -> int:
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    model = prepare(settings, say)
    # Half of a turn is spent in the event loop: the one written in C serves more people.
    with (
        contextlib.suppress(KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(serve(settings, model, say))
    return 0


def _reviews(_: argparse.Namespace, settings: Settings) -> int:
    """Queue the e-mails; the running service, or the next one started, sends them."""
    migrate(settings.database)
    database = Database(settings.database)
    vault = Vault(load_or_create_key(settings.key_file))
    now = utc_now()
    try:
        found = reviews(catalogue.load(), load_directory(), now.astimezone(PARIS).date())
        written, unknown = queue_reviews(database, vault, found, settings.owners, now)
    finally:
        database.close()
    print(
        f"{len(found)} éléments à relire ; e-mails prêts pour : {', '.join(written) or 'personne'}."
    )
    for owner in unknown:
        print(f"Pas d’adresse pour « {owner} » : réglage OWNERS.", file=sys.stderr)
    return 1 if unknown else 0


def _agent(options: argparse.Namespace, settings: Settings) -> int:
    password = new_password()
    with _agents(settings) as session:
        if session.scalar(select(AgentRecord.id).where(AgentRecord.login == options.login)):
            print(f"Le compte « {options.login} » existe déjà.", file=sys.stderr)
            return 1
        create_agent(session, options.login, password, options.name, utc_now())
    print(f"identifiant  {options.login}\nmot de passe {password}")
    return 0


def _password(options: argparse.Namespace, settings: Settings) -> int:
    password = new_password()
    with _agents(settings) as session:
        if not set_password(session, options.login, password):
            print(f"Il n’y a pas de compte « {options.login} ».", file=sys.stderr)
            return 1
    print(f"identifiant  {options.login}\nmot de passe {password}")
    return 0


@contextlib.contextmanager
def _agents(settings: Settings) -> Iterator[Session]:
    migrate(settings.database)
    database = Database(settings.database)
    try:
        with database.session() as session:
            yield session
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
