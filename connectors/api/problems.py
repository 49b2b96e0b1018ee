"""Errors of the API: RFC 9457 problem+json, a stable ``type``, a ``detail`` in plain French.

Every error of a route is a ``Problem``; ``install`` makes the service answer with it. Nothing
of what the person wrote is repeated in an error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from math import ceil
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from connectors.contention import BUSY, RETRY_S, WORDS
from connectors.security_headers import secure_headers

_URN: Final = "urn:premiere-reponse:probleme:"
MEDIA_TYPE: Final = "application/problem+json"


class Kind(Enum):
    """The closed list of problems: slug of the type, status, title, detail."""

    TOKEN = (
        "jeton-refuse", 401, "Jeton refusé",
        "Cette conversation demande son jeton. Il manque ou il n’est pas le bon.",
    )  # fmt: skip
    REFUSED = ("acces-refuse", 403, "Accès refusé", "Cette adresse ne vous est pas ouverte.")
    CONVERSATION = (
        "conversation-inconnue", 404, "Conversation inconnue",
        "Cette conversation n’existe pas ou elle a été effacée.",
    )  # fmt: skip
    AID = ("aide-inconnue", 404, "Aide inconnue", "Je ne connais pas cette aide.")
    COMMUNE = ("commune-inconnue", 404, "Commune inconnue", "Je ne connais pas cette commune.")
    CASE = (
        "demande-inconnue", 404, "Demande inconnue",
        "Aucune demande n’a ce code. Vérifiez les six caractères de votre reçu.",
    )  # fmt: skip
    SERVICE = ("service-inconnu", 404, "Service inconnu", "Aucun service n’a cet identifiant.")
    PAGE = ("adresse-inconnue", 404, "Adresse inconnue", "Il n’y a rien à cette adresse.")
    METHOD = ("methode-refusee", 405, "Méthode refusée", "Cela ne se demande pas ainsi.")
    TEXT_TOO_LONG = (
        "texte-trop-long", 413, "Texte trop long",
        "Votre message est trop long. Gardez l’essentiel, en 2 000 caractères au plus.",
    )  # fmt: skip
    BODY_TOO_LARGE = (
        "envoi-trop-lourd", 413, "Envoi trop lourd", "Cet envoi est trop lourd.",
    )  # fmt: skip
    WRONG_REQUEST = (
        "demande-incorrecte", 422, "Demande incorrecte",
        "Il manque quelque chose dans la demande, ou une partie n’est pas correcte.",
    )  # fmt: skip
    CONSENT = (
        "accord-manquant", 422, "Accord manquant",
        "Sans l’accord de la personne, rien n’est envoyé.",
    )  # fmt: skip
    CONTACT = (
        "coordonnees-incorrectes", 422, "Coordonnées incorrectes",
        "Donnez un numéro de téléphone ou une adresse e-mail pour vous répondre.",
    )  # fmt: skip
    OTHER_CONTACT = (
        "deja-transmise", 409, "Demande déjà transmise",
        "Votre demande est déjà partie, avec d’autres coordonnées. Rien n’a été changé.",
    )  # fmt: skip
    NOTHING_TO_SEND = (
        "rien-a-transmettre", 409, "Rien à transmettre",
        "Cette demande serait vide. Dites d’abord ce qui ne va pas, ou demandez « Parler à "
        "quelqu’un » dans la conversation.",
    )  # fmt: skip
    TOO_MANY = (
        "trop-de-demandes", 429, "Trop de demandes",
        "Beaucoup de demandes arrivent en peu de temps. Attendez un peu et recommencez.",
    )  # fmt: skip
    BUSY = ("occupe", 503, "Un instant", WORDS)
    TROUBLE = (
        "panne", 500, "Ça n’a pas marché",
        "Quelque chose n’a pas marché de notre côté. Recommencez dans un moment.",
    )  # fmt: skip

    def __init__(self, slug: str, status: int, title: str, detail: str) -> None:
        self.uri = _URN + slug
        self.status = status
        self.title = title
        self.detail = detail


class Problem(Exception):
    """An error that the caller is told about; ``detail`` replaces the usual one."""

    def __init__(
        self,
        kind: Kind,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(kind.title)
        self.kind = kind
        self.detail = detail or kind.detail
        self.headers = dict(headers or {})
        self.errors = errors

    def body(self) -> dict[str, object]:
        """Return the members of the problem; ``errors`` names the wrong fields."""
        body: dict[str, object] = {
            "type": self.kind.uri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        return body | {"errors": self.errors} if self.errors else body


def too_many(wait_s: float) -> Problem:
    """Return the problem of a caller that must wait ``wait_s`` seconds."""
    return Problem(Kind.TOO_MANY, headers={"Retry-After": retry_after(wait_s)})


def retry_after(wait_s: float) -> str:
    """Return the value of ``Retry-After``: whole seconds, rounded up, at least one."""
    return str(max(1, ceil(wait_s)))


#: What is wrong with a field, by pydantic's code.
_SENTENCES: Final = {
    "json_invalid": "Le corps de la demande n’est pas du JSON correct.",
    "missing": "Il manque « {field} ».",
    "extra_forbidden": "« {field} » n’est pas connu ici.",
    "literal_error": "« {field} » n’est pas connu. Valeurs possibles : {expected}.",
    "enum": "« {field} » n’est pas connu. Valeurs possibles : {expected}.",
    "string_type": "« {field} » doit être un texte.",
    "string_too_short": "« {field} » est vide.",
    "string_too_long": "« {field} » est trop long : {length} caractères au plus.",
    "bool_type": "« {field} » doit être vrai ou faux (true ou false).",
    "int_parsing": "« {field} » doit être un nombre entier.",
    "float_parsing": "« {field} » doit être un nombre.",
    "greater_than_equal": "« {field} » est trop petit : {least} au moins.",
    "less_than_equal": "« {field} » est trop grand : {most} au plus.",
}
#: Codes of our own checks (``schemas``), whose message is already a sentence in French.
OWN_CODES: Final = frozenset({"text_or_value", "not_a_choice"})

#: The framework says 400 for a body that is neither JSON nor a form: a wrong request.
_KINDS: Final = {
    401: Kind.TOKEN,
    403: Kind.REFUSED,
    404: Kind.PAGE,
    405: Kind.METHOD,
    413: Kind.BODY_TOO_LARGE,
    429: Kind.TOO_MANY,
    503: Kind.BUSY,
}


def as_problem(error: Exception) -> Problem:
    """Return the problem that an exception of the framework means."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        errors = _wrong_fields(error)
        # One thing is wrong: it is said; of several, each is told with its field.
        said = errors[0]["message"] if len(errors) == 1 else None
        return Problem(Kind.WRONG_REQUEST, said, errors=errors)
    if isinstance(error, BUSY):
        return Problem(Kind.BUSY, headers={"Retry-After": retry_after(RETRY_S)})
    if not isinstance(error, HTTPException):
        return Problem(Kind.TROUBLE)
    kind = _KINDS.get(error.status_code)
    if kind is None:
        kind = Kind.TROUBLE if error.status_code >= 500 else Kind.WRONG_REQUEST
    return Problem(kind, headers=error.headers)


def _wrong_fields(error: RequestValidationError) -> list[dict[str, str]]:
    """Return the wrong fields, pydantic's code and a sentence, never the value received."""
    return [
        {
            "field": ".".join(str(part) for part in item["loc"]),
            "code": str(item["type"]),
            "message": _sentence(item),
        }
        for item in error.errors()
    ]


def _sentence(item: Mapping[str, Any]) -> str:
    """Return in French what is wrong with a field."""
    code, context = str(item["type"]), item.get("ctx") or {}
    if code in OWN_CODES:
        return str(item["msg"])
    words = _SENTENCES.get(code, "« {field} » n’est pas correct.")
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    known = {"least": context.get("ge"), "most": context.get("le"), "expected": expected}
    known |= {"length": context.get("max_length")}
    return words.format(field=item["loc"][-1] if item["loc"] else "", **known)


def problem_response(problem: Problem) -> JSONResponse:
    """Return the answer of the API for ``problem``."""
    headers = problem.headers
    if problem.kind is Kind.TOKEN:
        headers = {**headers, "WWW-Authenticate": "Bearer"}
    return JSONResponse(
        problem.body(), status_code=problem.kind.status, headers=headers, media_type=MEDIA_TYPE
    )


class WrongField(BaseModel):
    """A part of a request that is wrong: where, a stable code, a sentence."""

    field: str = Field(examples=["body.channel"])
    code: str = Field(examples=["literal_error"])
    message: str


class ProblemOut(BaseModel):
    """An error (RFC 9457): ``type`` is stable, ``detail`` may be shown to the person."""

    type: str = Field(examples=[Kind.TOKEN.uri])
    title: str
    status: int
    detail: str
    errors: list[WrongField] | None = None


def problem_doc(description: str) -> dict[str, Any]:
    """Return how OpenAPI describes an error."""
    # Whole, with nothing referred to: the schema is not among those of the application.
    schema = ProblemOut.model_json_schema()
    wrong = schema.pop("$defs")["WrongField"]
    schema["properties"]["errors"]["anyOf"][0]["items"] = wrong
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


#: What every route may answer.
COMMON_ERRORS: Final[Mapping[int | str, dict[str, Any]]] = {
    405: problem_doc("Mauvaise méthode : `Allow` donne la bonne."),
    422: problem_doc(
        "Demande incorrecte, ou corps qui n’est pas du JSON ; `errors` dit quoi, champ par champ."
    ),
    429: problem_doc("Trop de demandes : attendez `Retry-After` secondes."),
    500: problem_doc("Erreur imprévue : recommencez dans un moment."),
}

Page = Callable[[Request, int, str, str], Awaitable[Response]]


def install(app: FastAPI, page: Page | None = None, *, https: bool = False) -> None:
    """Make ``app`` answer every error of ours and of the framework.

    Under ``/api/`` and ``/hsds`` the answer is problem+json; elsewhere ``page(request, status,
    title, detail)`` makes it, when given. The 500 is made outside every middleware, so it gets its
    security headers here.
    """

    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code < 400:
            # A route that redirects by raising: not an error.
            return Response(status_code=error.status_code, headers=error.headers)
        problem = as_problem(error)
        if page is None or request.url.path.startswith(("/api/", "/hsds")):
            response: Response = problem_response(problem)
        else:
            kind = problem.kind
            response = await page(request, kind.status, kind.title, problem.detail)
            response.headers.update(problem.headers)
        if problem.kind is Kind.TROUBLE:
            response.headers.update({**secure_headers(https=https), "Cache-Control": "no-store"})
        return response

    for error_class in (Problem, RequestValidationError, *BUSY, HTTPException, Exception):
        app.add_exception_handler(error_class, answer)
