"""The API and the pages over the fakes: for the tests, and to look at by hand.

``python -m tests.fakes.demo`` serves them on http://127.0.0.1:8041/.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import uvicorn
from fastapi import FastAPI

from connectors.api.body_limit import BodyLimit
from connectors.api.hsds import HsdsRoutes
from connectors.api.ports import ApiPorts
from connectors.api.problems import install
from connectors.api.ratelimit import Limits, Rate, Rates, make_limits
from connectors.api.routes import api_router
from connectors.gateway import Gateway
from connectors.security_headers import SecurityHeaders
from connectors.shelves import Shelves
from connectors.web.routes import web_door
from knowledge_base.catalogue import load
from knowledge_base.exchange.hsds_package import HumanServices
from knowledge_base.freshness import as_of
from knowledge_base.places import load_directory
from knowledge_base.vocabulary import Stage
from tests.fakes.cards import EMERGENCY
from tests.fakes.gateway import FakeGateway
from tests.fakes.knowledge import fake_ports

_WIDE = Rate(10_000, 0.001)
#: Limits that no test meets by accident.
NO_LIMITS = Rates(_WIDE, _WIDE, _WIDE, _WIDE)


@lru_cache(maxsize=1)
def shelves() -> Shelves:
    """Give the real catalogue, as it is on the day of the tests."""
    return Shelves(as_of(load(), date(2026, 11, 25)))


@lru_cache(maxsize=1)
def human_services() -> HumanServices:
    """Give the real services, on a day when one card only is too old to be shown."""
    known = replace(load(), stages={"accueil_jour": Stage.HIDDEN})
    return HumanServices(known, load_directory().places)


def demo_app(
    gateway: Gateway | None = None, ports: ApiPorts | None = None, limits: Limits | None = None
) -> FastAPI:
    """Return an application wired as the real one, over fakes."""
    gateway = gateway or FakeGateway()
    ports = ports or fake_ports()
    limits = limits or make_limits(NO_LIMITS)
    app = FastAPI(title="Première réponse", docs_url=None, redoc_url=None)
    door = web_door(gateway, ports.handoffs, limits, EMERGENCY, shelves())
    app.include_router(api_router(gateway, ports, limits))
    app.include_router(HsdsRoutes(human_services(), limits).router())
    app.include_router(door.router)
    install(app, door.error_page)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    return app


if __name__ == "__main__":
    uvicorn.run(demo_app(), host="127.0.0.1", port=8041)
