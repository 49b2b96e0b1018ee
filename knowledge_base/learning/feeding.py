"""Batches drawn beside the training: an accelerator reads faster than one process writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from torch.utils.data import DataLoader, IterableDataset, get_worker_info

B = TypeVar("B")
#: Given the number of a process, return what draws a batch there.
Drawer = Callable[[int], Callable[[], B]]


class _Endless(IterableDataset[B], Generic[B]):
    def __init__(self, drawer: Drawer[B]) -> None:
        self._drawer = drawer

    def __iter__(self) -> Iterator[B]:
        worker = get_worker_info()
        draw = self._drawer(0 if worker is None else worker.id)
        while True:
            yield draw()


def batches(drawer: Drawer[B], processes: int) -> Iterator[B]:
    """Yield batches without end; with 0 ``processes`` they are drawn here, each when asked."""
    loader = DataLoader(_Endless(drawer), batch_size=None, num_workers=processes)
    return iter(loader)
