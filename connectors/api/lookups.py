"""Routes that read the catalogue and the directory; none of them has a side effect."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from assistant.messages import AidCard, Contract
from connectors.api.ports import ApiPorts, CommuneFound, Point
from connectors.api.problems import Kind, Problem, too_many
from connectors.api.ratelimit import Limits
from connectors.api.schemas import AidsOut, CommuneOut, CommunesOut, PlacesOut
from connectors.incoming import clean_text
from knowledge_base.vocabulary import PlaceType, Theme

_COMMUNES_SHOWN: Final = 10
_PLACE_TYPES: Final = {member.value: member for member in PlaceType}

Words = Annotated[
    str,
    Query(min_length=1, description="Le besoin, avec les mots de la personne.",
          examples=["j arrive plus a payer mon loyer"]),
]  # fmt: skip
CommuneName = Annotated[
    str | None,
    Query(max_length=100,
          description="Le code INSEE, le nom (avec ou sans accents et tirets, « St » ou "
          "« Saint ») ou le code postal de la commune. Cinq chiffres sont d’abord lus comme "
          "un code INSEE.",
          examples=["41018"]),
]  # fmt: skip
Latitude = Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]
Types = Annotated[
    list[str] | None,
    Query(description="Types de lieu, répétés ou séparés par des virgules.",
          examples=[["mds", "ccas"]]),
]  # fmt: skip


class LookupRoutes:
    """The routes, over the ports of the catalogue and of the directory."""

    def __init__(self, ports: ApiPorts, limits: Limits) -> None:
        self._ports = ports
        self._limits = limits

    def router(self) -> APIRouter:
        """Return the routes ``/search``, ``/places``, ``/communes`` and ``/aids/{id}``."""
        router = APIRouter(tags=["aides et lieux"])
        router.get("/search", response_model=AidsOut, summary="Chercher")(self.search)
        router.get("/places", response_model=PlacesOut, summary="Lieux proches")(self.places)
        router.get("/communes", response_model=CommunesOut, summary="Communes")(self.communes)
        router.get("/aids/{aid_id}", response_model=AidCard, summary="Une aide")(self.aid)
        return router

    async def search(
        self,
        request: Request,
        q: Words,
        commune: CommuneName = None,
        limit: Annotated[int, Query(ge=1, le=20)] = 5,
    ) -> AidsOut:
        """Cherche les aides qui répondent à un besoin. Rien n’est gardé."""
        await self._admit(request)
        if len(q) > Contract.MAX_TEXT:
            raise Problem(Kind.TEXT_TOO_LONG)
        words = clean_text(q)
        if not words:
            raise Problem(Kind.WRONG_REQUEST, "Dites ce que vous cherchez.")
        found = self._commune(commune) if commune else None
        code = found.code_insee if found else None
        cards = await run_in_threadpool(self._ports.aids.search, words, code, limit)
        return AidsOut(results=list(cards))

    async def places(
        self,
        request: Request,
        commune: CommuneName = None,
        lat: Latitude = None,
        lon: Longitude = None,
        types: Types = None,
        theme: Theme | None = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> PlacesOut:
        """Donne les lieux les plus proches d’une commune ou d’un point."""
        await self._admit(request)
        where = self._where(commune, lat, lon)
        wanted = _place_types(types or [])
        cards = await run_in_threadpool(self._ports.places.near, where, wanted, theme, limit)
        return PlacesOut(places=list(cards))

    async def communes(
        self, request: Request, q: Annotated[str, Query(min_length=1, max_length=100)]
    ) -> CommunesOut:
        """Donne les communes dont le nom ou le code postal commence ainsi."""
        await self._admit(request)
        found = self._ports.communes.starting_with(clean_text(q), _COMMUNES_SHOWN)
        return CommunesOut(
            communes=[
                CommuneOut(code_insee=one.code_insee, nom=one.nom, code_postal=one.code_postal)
                for one in found
            ]
        )

    async def aid(self, request: Request, aid_id: str) -> AidCard:
        """Donne une aide avec son texte complet."""
        await self._admit(request)
        card = self._ports.aids.aid(aid_id)
        if card is None:
            raise Problem(Kind.AID)
        return card

    async def _admit(self, request: Request) -> None:
        wait = await self._limits.lookup(request.client.host if request.client else None)
        if wait:
            raise too_many(wait)

    def _where(self, commune: str | None, lat: float | None, lon: float | None) -> str | Point:
        if commune and lat is None and lon is None:
            return self._commune(commune).code_insee
        if lat is not None and lon is not None and not commune:
            return Point(lat, lon)
        raise Problem(Kind.WRONG_REQUEST, "Donnez une commune, ou une latitude et une longitude.")

    def _commune(self, name: str) -> CommuneFound:
        """Return the commune of this code or name. Raises Problem (404)."""
        found = self._ports.communes.meant_by(clean_text(name))
        if found is None:
            raise Problem(Kind.COMMUNE)
        return found


def _place_types(asked: list[str]) -> list[PlaceType]:
    """Return the types asked, « mds,ccas » or repeated. Raises Problem (422)."""
    names = [name.strip() for item in asked for name in item.split(",") if name.strip()]
    if any(name not in _PLACE_TYPES for name in names):
        known = f"Un type de lieu est inconnu. Types possibles : {', '.join(_PLACE_TYPES)}."
        errors = [{"field": "query.types", "code": "enum", "message": known}]
        raise Problem(Kind.WRONG_REQUEST, known, errors=errors)
    return [_PLACE_TYPES[name] for name in names]
