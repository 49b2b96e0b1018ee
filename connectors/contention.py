"""Several people write at the same moment: what means « try again in a moment »."""

from __future__ import annotations

from typing import Final

from connectors.handoff.follow_up import ChangedMeanwhile
from connectors.turns import Busy

#: Raised by the gateway and the cases when others keep writing in the same place.
BUSY: Final = (Busy, ChangedMeanwhile)
#: Seconds after which the place is free again.
RETRY_S: Final = 2
WORDS: Final = (
    "Plusieurs messages sont arrivés en même temps. Le vôtre n’est pas encore pris en compte : "
    "attendez quelques secondes et recommencez."
)
