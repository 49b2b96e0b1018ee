"""The texts that only this channel says; those of the assistant come from the conversation."""

from __future__ import annotations

from typing import Final

from assistant.messages import Contract

COMMANDS: Final = (
    ("start", "Recommencer depuis le début"),
    ("humain", "Parler à quelqu’un"),
    ("effacer", "Effacer mes données"),
    ("aide", "Comment ça marche"),
)

WELCOME: Final = (
    "Vous parlez à un assistant automatique, pas à une personne.\n"
    "/humain : parler à quelqu’un\n"
    "/effacer : effacer ce que vous avez dit\n"
    "/aide : comment ça marche"
)
HELP: Final = (
    "Je suis un assistant automatique des services sociaux du Loir-et-Cher.\n"
    "Écrivez ce qui ne va pas, avec vos mots. Je pose quelques questions courtes. "
    "Je montre des aides et des lieux près de chez vous.\n\n"
    "/humain : parler à quelqu’un\n"
    "/effacer : effacer ce que vous avez dit\n"
    "/start : recommencer depuis le début\n\n"
    "Ce que vous écrivez passe par Telegram, une entreprise privée. "
    "N’envoyez pas de document ni de mot de passe."
)
TALK_TO_SOMEONE: Final = "Parler à quelqu’un"

TEXT_ONLY: Final = (
    "Je ne peux ni voir les images, ni écouter les messages vocaux. "
    "Écrivez-moi en quelques mots ce qui ne va pas. "
    "Si écrire est difficile, quelqu’un peut vous aider."
)
TOO_LONG: Final = (
    "Votre message est trop long pour moi. Gardez l’essentiel, en "
    f"{f'{Contract.MAX_TEXT:,}'.replace(',', ' ')} caractères au plus. "
    "Vous pouvez aussi parler à quelqu’un."
)
TOO_MANY: Final = (
    "Vous m’écrivez beaucoup de messages en peu de temps. "
    "Attendez une minute, puis écrivez-moi à nouveau."
)
PRIVATE_ONLY: Final = (
    "Je réponds seulement en conversation privée, pour que personne d’autre ne lise ce que vous "
    "dites. Ouvrez une conversation avec moi et écrivez /start."
)
TROUBLE: Final = "Quelque chose n’a pas marché de notre côté. Écrivez-moi à nouveau dans un moment."
CALL: Final = "Vous pouvez aussi appeler :"
STALE: Final = "Ce bouton ne marche plus. Écrivez-moi ce que vous voulez faire."

ERASE_NOTE: Final = (
    "Telegram garde aussi les messages, chez lui et dans votre téléphone. Pour les enlever, "
    "effacez cette conversation dans Telegram."
)
NOTHING_KEPT: Final = "Je n’ai rien gardé de vous. Pour commencer, écrivez /start."

ALREADY_ANSWERED: Final = "Vous avez déjà répondu à cette question."
