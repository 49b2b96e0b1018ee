"""Is the service alive, is it ready, what does it count: ``/healthz /readyz /metrics``.

Figures only: no text, no identifier of a person, no label that could become one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from fastapi import APIRouter
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.responses import JSONResponse, PlainTextResponse, Response

Probe = Callable[[], Awaitable[bool]]


class Metrics:
    """The counters of the service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "turns", "Turns answered, by engine", ["engine"], registry=self.registry
        )
        self._ready = Gauge("ready", "1 when the part answers", ["part"], registry=self.registry)
        self._duration = Histogram(
            "turn_seconds",
            "Time to answer a turn, in seconds",
            buckets=(0.02, 0.04, 0.08, 0.12, 0.2, 0.4, 0.8, 1.6, 3.2),
            registry=self.registry,
        )

    def turn(self, engine: str) -> None:
        """Count one turn answered by ``engine`` (rasa or service)."""
        self._turns.labels(engine).inc()

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Measure the turn inside, also when it fails."""
        with self._duration.time():
            yield

    def ready(self, part: str, answers: bool) -> None:
        """Remember whether a part of the service answers."""
        self._ready.labels(part).set(1 if answers else 0)


def health_router(
    metrics: Metrics, probes: Mapping[str, Probe], needed: frozenset[str]
) -> APIRouter:
    """Return the routes; ``needed`` are the probes without which the service is not ready."""
    router = APIRouter(tags=["exploitation"])

    async def states() -> dict[str, bool]:
        results = await asyncio.gather(*(probe() for probe in probes.values()))
        found = dict(zip(probes, results, strict=True))
        for part, answers in found.items():
            metrics.ready(part, answers)
        return found

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """Answer as long as the process lives."""
        return "ok"

    @router.get("/readyz")
    async def readyz() -> Response:
        """Answer 200 when a person can be answered; Rasa is a plus, not a need."""
        found = await states()
        ready = all(found[part] for part in needed)
        return JSONResponse({"ready": ready, "parts": found}, status_code=200 if ready else 503)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def read_metrics() -> Response:
        """Counters in the Prometheus format."""
        await states()
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
