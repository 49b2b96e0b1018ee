"""``build``, ``learn`` and ``train``: the index, its last layer, the language model."""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

from knowledge_base import adapter, embedded_model, following, index, learnt
from knowledge_base import catalogue as catalogue_module
from knowledge_base.commands import Commands, encoder_specs
from knowledge_base.embedded_model import is_served
from knowledge_base.encoder import Encoder, Told, encoder_name, load_encoder, untold
from knowledge_base.remembered import Remembering
from knowledge_base.settings import SearchSettings
from knowledge_base.steps import step

_BUILD_THREADS = 2
#: No duration is right for every machine.
_TAKES = "une à deux minutes sur deux cœurs libres, plus si la machine est occupée"


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    build = commands.add_parser("build", help="construire le modèle et l’index s’ils ont changé")
    build.add_argument("--force", action="store_true")
    build.add_argument("--follow-parent", action="store_true", help=argparse.SUPPRESS)
    build.set_defaults(command=_build)
    learn = commands.add_parser(
        "learn", help="refaire ce que la recherche apprend de toutes les façons de dire"
    )
    learn.set_defaults(command=_learn)
    train = commands.add_parser("train", help="réentraîner le modèle de langue sur le catalogue")
    train.add_argument("--steps", type=int, help="pas d’entraînement (1 100 par défaut)")
    train.add_argument(
        "--go-on", action="store_true", help="partir du modèle fourni, après quelques fiches neuves"
    )
    train.add_argument(
        "--scenes", action="store_true", help="partir du modèle fourni, pour mieux lire les scènes"
    )
    train.add_argument("--long", action="store_true", help="apprentissage long (accélérateur)")
    train.set_defaults(command=_train)


def _build(options: argparse.Namespace) -> int:
    if options.follow_parent:
        following.follow_parent()
    folder = options.var / "models" / "e5-small"
    target = options.var / "index"
    names = [encoder_name(spec) for spec in encoder_specs(options)]
    _build_danger(options)
    built = options.encoder is not None or embedded_model.is_built(folder)
    if not options.force and built and index.is_current(target, catalogue_module.digest(), names):
        print("Modèle et index : à jour.", flush=True)
        return 0
    known = catalogue_module.load()
    if options.encoder is None and (options.force or not built):
        with step("Modèle de langue", f"préparation ({_TAKES})"):
            embedded_model.build(folder)
    with step("Index de recherche", f"{len(known.entries)} fiches à lire ({_TAKES})") as progress:
        encoders = _encoders(options, progress.add)
        off_topic = index.off_topic_messages()
        fitted = learnt.shipped(learnt.sum_of(known, encoders, off_topic))
        if fitted is None:
            print("Des fiches ont changé : l’apprentissage de la recherche est refait.", flush=True)
            fitted = learnt.fit(known, encoders, off_topic)
        progress.done, progress.things = 0, "textes lus"
        # Only the encoder that we serve tells what it reads.
        ours = sum(is_served(Path(spec)) for spec in encoder_specs(options))
        progress.total = index.texts_to_read(known, ours)
        index.save(index.build(known, encoders, fitted), target)
    return 0


def _encoders(options: argparse.Namespace, told: Told = untold) -> list[Encoder]:
    """Return the encoders, which read no text twice; only the one that we serve tells."""
    kept = SearchSettings().model_copy(update={"var_dir": options.var}).vectors
    return [
        Remembering(
            load_encoder(spec, _BUILD_THREADS, told),
            kept,
            told if is_served(Path(spec)) else untold,
        )
        for spec in encoder_specs(options)
    ]


def _learn(options: argparse.Namespace) -> int:
    known, off_topic = catalogue_module.load(), index.off_topic_messages()
    with step("Apprentissage de la recherche", f"{len(known.entries)} fiches"):
        encoders = _encoders(options)
        fitted = learnt.fit(known, encoders, off_topic)
    written = learnt.ship(fitted, learnt.sum_of(known, encoders, off_topic))
    print(f"Écrit : {written}. Lancez « make index » puis « eval --set tune ».")
    return 0


def _build_danger(options: argparse.Namespace) -> None:
    folder = options.var / "models" / "e5-small-danger"
    if not options.force and embedded_model.is_built(folder, adapter.DANGER):
        return
    with step("Modèle du danger", f"préparation ({_TAKES})"):
        embedded_model.build(folder, learnt=adapter.DANGER)


def _train(options: argparse.Namespace) -> int:
    # Imported here: it brings torch, which no other command of this module needs so early.
    from knowledge_base.learning import recipe as recipes
    from knowledge_base.learning import training

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    chosen: tuple[recipes.Recipe, ...] = recipes.LONG if options.long else (recipes.Recipe(),)
    if options.scenes:
        chosen = (recipes.WITH_SCENES,)
    if options.steps is not None:
        chosen = tuple(replace(recipe, steps=options.steps) for recipe in chosen)
    go_on = options.go_on or options.scenes
    if go_on:
        chosen = tuple(map(recipes.going_on, chosen))
    published = embedded_model.published(options.var / "models")
    print("Entraînement (20 à 30 minutes sur deux cœurs)…", flush=True)
    off_topic = index.off_topic_messages()
    known = catalogue_module.load()
    asked = [f" --{name}" for name in ("long", "scenes", "go_on") if getattr(options, name)]
    command = f"python -m knowledge_base train{''.join(asked).replace('_', '-')}"
    written = training.make_adapter(
        published, known, off_topic, chosen, command=command, go_on=go_on
    )
    print(f"Écrit : {written}. Lancez « make index » puis « eval --set tune ».")
    return 0
