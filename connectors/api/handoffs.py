"""Routes of a hand-off: give a conversation to a professional, ask where it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from assistant.conversation import ContactGiven
from assistant.handoff import Declined, NothingToSend
from assistant.receipt import read_code
from connectors.api.conversations import Bearer, authorise
from connectors.api.ports import AlreadyHandedOver, ContactRefused, Handoffs
from connectors.api.problems import Kind, Problem, problem_doc, too_many
from connectors.api.ratelimit import Limits
from connectors.api.schemas import CaseOut, HandoffIn, ReceiptOut
from connectors.gateway import Gateway, UnknownConversation

#: In the chat the person sees the sheet again and gives another contact.
_ALREADY: Final = (
    "Votre demande est déjà partie, avec d’autres coordonnées. Son code est {code}. "
    "Rien n’a été changé. Pour donner d’autres coordonnées, demandez « Parler à quelqu’un » "
    "dans la conversation."
)
#: The chat heard a no: only the chat can hear the yes that follows.
_DECLINED: Final = (
    "Vous n’avez pas voulu envoyer votre demande : rien n’est envoyé. "
    "Pour changer d’avis, demandez « Parler à quelqu’un »."
)


class HandoffRoutes:
    """The routes, over the conversation's door and the cases."""

    def __init__(self, gateway: Gateway, handoffs: Handoffs, limits: Limits) -> None:
        self._gateway = gateway
        self._handoffs = handoffs
        self._limits = limits

    def router(self) -> APIRouter:
        """Return the routes under ``/handoffs``."""
        router = APIRouter(prefix="/handoffs", tags=["professionnel"])
        router.post(
            "",
            status_code=201,
            response_model=ReceiptOut,
            summary="Transmettre",
            responses={409: problem_doc("Déjà transmise, avec d’autres coordonnées, ou vide.")},
        )(self.hand_off)
        router.get("/{code}", response_model=CaseOut, summary="Où en est ma demande ?")(self.status)
        return router

    async def hand_off(self, body: HandoffIn, bearer: Bearer) -> Response:
        """Transmet la conversation à un professionnel, avec l’accord de la personne.

        Demandez deux fois : c’est la même demande et le même code. C’est vrai aussi quand le
        deuxième envoi donne moins de coordonnées. Avec d’autres coordonnées, la réponse est 409 :
        rien n’est changé, et `detail` donne le code de la demande déjà partie. Si la personne a
        dit autre chose depuis, c’est une nouvelle demande, avec un nouveau code.

        Rien ne part d’une conversation où rien n’a été dit, ni après un non dans la conversation.
        """
        await authorise(self._gateway, body.conversation_id, bearer)
        if not body.consent:
            raise Problem(Kind.CONSENT)
        contact = ContactGiven(
            phone=body.contact.phone or None,
            email=body.contact.email or None,
            safe_hours=body.contact.safe_hours or None,
        )
        if contact.phone is None and contact.email is None:
            raise Problem(Kind.CONTACT)
        wait = await self._limits.message(body.conversation_id)
        if wait:
            raise too_many(wait)
        try:
            receipt = await self._handoffs.hand_off(body.conversation_id, contact)
        except UnknownConversation as error:
            raise Problem(Kind.CONVERSATION) from error
        except Declined as error:
            raise Problem(Kind.CONSENT, _DECLINED) from error
        except NothingToSend as error:
            raise Problem(Kind.NOTHING_TO_SEND) from error
        except ContactRefused as error:
            raise Problem(Kind.CONTACT, error.detail) from error
        except AlreadyHandedOver as error:
            raise Problem(Kind.OTHER_CONTACT, _ALREADY.format(code=error.code)) from error
        return JSONResponse({"code": receipt.code, "status": receipt.status}, status_code=201)

    async def status(self, request: Request, code: str) -> CaseOut:
        """Dit où en est une demande, avec le code du reçu."""
        wait = await self._limits.code(request.client.host if request.client else None)
        if wait:
            raise too_many(wait)
        wanted = read_code(code)
        case = await self._handoffs.status(wanted) if wanted else None
        if case is None:
            raise Problem(Kind.CASE)
        return CaseOut.model_validate(asdict(case))
