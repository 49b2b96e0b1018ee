"""The commands of ``python -m knowledge_base``, by family.

Each module has ``add_to(commands)``, which declares its commands; a command takes the parsed
options and returns the exit status.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = object


def encoder_specs(options: argparse.Namespace) -> list[str]:
    """Return the encoders that the options name: the main one, and the second if any."""
    main_spec = options.encoder or str(options.var / "models" / "e5-small")
    return [main_spec, options.second_encoder] if options.second_encoder else [main_spec]
