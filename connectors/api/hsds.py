"""Our services in HSDS 3 (Open Referral), to read only: the three required addresses of its API."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from connectors.api.problems import COMMON_ERRORS, Kind, Problem, problem_doc, too_many
from connectors.api.ratelimit import Limits

_SCHEMAS: Final = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/compiled"
#: Services on a page with all that is related to each: the largest is near 1 MB.
_FULL_MOST: Final = 10
Record = dict[str, Any]


class Services(Protocol):
    """The services that may be shown, made once and kept in memory."""

    version: str
    profile: str

    def ids(self, search: str = "", term: str | None = None) -> list[str]:
        """Return the ids of the services that say every word and have the taxonomy term."""

    def listed(self, service_id: str) -> Record:
        """Return a service with its one-to-one fields."""

    def whole(self, service_id: str) -> Record | None:
        """Return a service with all that is related to it, or None for an unknown id."""


class AboutOut(BaseModel):
    """What this API is."""

    version: str = Field(examples=["3.0"], description="La version de HSDS.")
    profile: str = Field(description="La page du profil HSDS suivi.")
    openapi_url: str = Field(description="La description OpenAPI de ce service.")


class PageOut(BaseModel):
    """A page of services; the numbers are those of HSDS."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Record]


def _described(name: str, *, paged: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI describes an answer: by the published schema of HSDS itself."""
    schema: Record = {"$ref": f"{_SCHEMAS}/{name}.json"}
    if paged:
        page = PageOut.model_json_schema()
        page["properties"]["contents"] = {"type": "array", "items": schema}
        schema = page
    return {200: {"content": {"application/json": {"schema": schema}}}}


_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    **COMMON_ERRORS,
    404: problem_doc("Service inconnu."),
}


class HsdsRoutes:
    """The routes under ``/hsds``: nothing is written, nothing is kept of who reads."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._services = services
        self._limits = limits

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/hsds", tags=["HSDS (Open Referral)"], responses=_ERRORS)
        router.get("/", response_model=AboutOut, summary="Cette API")(self.about)
        router.get(
            "/services",
            response_model=None,
            responses=_described("service_list", paged=True),
            summary="Les services, par pages",
        )(self.services)
        router.get(
            "/services/{service_id}",
            response_model=None,
            responses=_described("service"),
            summary="Un service, avec tout ce qui s’y rapporte",
        )(self.service)
        return router

    async def about(self, request: Request) -> AboutOut:
        """Dit la version de HSDS, le profil et où lire la description de l’API."""
        await self._admit(request)
        return AboutOut(
            version=self._services.version,
            profile=self._services.profile,
            openapi_url=str(request.url_for("openapi")),
        )

    async def services(
        self,
        request: Request,
        search: Annotated[str, Query(max_length=200, description="Mots à trouver.")] = "",
        taxonomy_term_id: Annotated[
            str | None,
            Query(
                max_length=100,
                description="Un de nos domaines, ou une thématique de data·inclusion.",
                examples=["logement", "mobilite--financer-ma-mobilite"],
            ),
        ] = None,
        page: Annotated[int, Query(ge=1, description="Le numéro de la page.")] = 1,
        per_page: Annotated[int, Query(ge=1, le=100, description="Services par page.")] = 25,
        full: Annotated[bool, Query(description="Avec tout ce qui se rapporte à chacun.")] = False,
    ) -> PageOut:
        """Donne les services, par pages ; une page au-delà de la dernière est vide.

        Avec `full`, une page a 10 services au plus : l’un d’eux peut être proposé dans cent lieux.
        """
        await self._admit(request)
        per_page = min(per_page, _FULL_MOST) if full else per_page
        found = self._services.ids(search, taxonomy_term_id)
        wanted = found[(page - 1) * per_page : page * per_page]
        read = self._services.whole if full else self._services.listed
        contents = await run_in_threadpool(lambda: [read(one) or {} for one in wanted])
        pages = ceil(len(found) / per_page)
        return PageOut(
            total_items=len(found),
            total_pages=pages,
            page_number=page,
            size=len(contents),
            first_page=page == 1,
            last_page=page >= pages,
            empty=not contents,
            contents=contents,
        )

    async def service(self, request: Request, service_id: str) -> Record:
        """Donne un service avec ses lieux, ses numéros, ses papiers et ses domaines."""
        await self._admit(request)
        found = await run_in_threadpool(self._services.whole, service_id)
        if found is None:
            raise Problem(Kind.SERVICE)
        return found

    async def _admit(self, request: Request) -> None:
        wait = await self._limits.lookup(request.client.host if request.client else None)
        if wait:
            raise too_many(wait)
