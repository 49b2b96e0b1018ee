"""The descent that every training shares: warm up, then smaller and smaller steps."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

logger = logging.getLogger(__name__)

_WARM_UP, _LEAST = 60, 0.02  # first steps; the smallest share of the rate
_CHECKED = 50  # steps between two lines of the log


def descend(
    low_rank: Sequence[torch.nn.Parameter],
    groups: Sequence[dict[str, Any]],
    steps: int,
    loss_of_a_batch: Callable[[], Tensor],
) -> None:
    """Take ``steps`` steps; ``groups`` are those of the optimiser, each with its rate.

    The gradient of ``low_rank``, which is what changes the encoder, is kept short.
    """
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1.0, (step + 1) / _WARM_UP) * max(_LEAST, 1 - step / steps),
    )
    began, total = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        loss = loss_of_a_batch()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(low_rank, 1.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if step % _CHECKED == 0:
            speed = (time.monotonic() - began) / step
            logger.info("step %d: loss %.3f, %.2f s a step", step, total / _CHECKED, speed)
            total = 0.0
