"""Who may enter the console: passwords, sessions, and what happens after wrong ones.

How often a password may be tried is counted by ``connectors.api.ratelimit``, by address and
not by account: nobody can lock an agent out from elsewhere.

LoginRefused   wrong login or wrong password: never says which
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from connectors.database import (
    AgentRecord,
    AgentSessionRecord,
    Database,
    digest,
    new_id,
    new_token,
)

SESSION: Final = timedelta(hours=8)
MIN_PASSWORD: Final = 12
MAX_PASSWORD: Final = 256
FIRST_LOGIN: Final = "agent"
#: No look-alikes, as it is copied by hand from a terminal; 16 characters carry 79 bits.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class LoginRefused(Exception):
    """Wrong login or wrong password: never says which."""


class PasswordTooShort(ValueError):
    """A password must have at least ``MIN_PASSWORD`` characters, ``MAX_PASSWORD`` at most."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The professional behind a request; ``csrf`` goes in each of their forms."""

    agent_id: str
    login: str
    display_name: str
    csrf: str


class Authentication:
    """Checks passwords and keeps sessions, in the database."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database, self._clock = database, clock
        self._hasher = hasher or PasswordHasher()
        # Verified when the login is unknown, so that the answer takes as long.
        self._nobody = self._hasher.hash(new_token())

    def log_in(self, login: str, password: str) -> str:
        """Return the token of a new session; raise ``LoginRefused``.

        Takes a tenth of a second and 64 MiB, on purpose.
        """
        agent_id, stored = self._find(login)
        right = self._verify(stored, password)
        if agent_id is None or not right:
            raise LoginRefused
        token = new_token()
        now = self._clock()
        with self._database.session() as session:
            agent = session.get_one(AgentRecord, agent_id)
            if self._hasher.check_needs_rehash(agent.password_hash):
                agent.password_hash = self._hasher.hash(password)
            session.add(
                AgentSessionRecord(
                    token_digest=digest(token),
                    agent_id=agent_id,
                    csrf=new_token(),
                    created_at=now,
                    expires_at=now + SESSION,
                )
            )
        return token

    def _find(self, login: str) -> tuple[str | None, str]:
        """Return the id and the hash to verify: nobody's when the login is unknown."""
        query = select(AgentRecord.id, AgentRecord.password_hash).where(
            AgentRecord.login == _normal(login), AgentRecord.active.is_(True)
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        return (found.id, found.password_hash) if found is not None else (None, self._nobody)

    def _verify(self, stored: str, password: str) -> bool:
        if len(password) > MAX_PASSWORD:
            return False
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def log_out(self, token: str) -> None:
        """End the session of this token, if there is one."""
        statement = delete(AgentSessionRecord).where(
            AgentSessionRecord.token_digest == digest(token)
        )
        with self._database.session() as session:
            session.execute(statement)

    def who(self, token: str) -> SignedIn | None:
        """Return the professional of a session that has not ended, or None."""
        query = (
            select(AgentRecord, AgentSessionRecord.csrf)
            .join(AgentSessionRecord, AgentSessionRecord.agent_id == AgentRecord.id)
            .where(
                AgentSessionRecord.token_digest == digest(token),
                AgentSessionRecord.expires_at > self._clock(),
                AgentRecord.active.is_(True),
            )
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            return None
        agent, csrf = found
        return SignedIn(agent.id, agent.login, agent.display_name, csrf)


def _normal(login: str) -> str:
    # PostgreSQL refuses a null character; no login has one.
    return login.replace("\0", "").strip().lower()


def create_agent(
    session: Session,
    login: str,
    password: str,
    display_name: str,
    now: datetime,
    hasher: PasswordHasher | None = None,
) -> str:
    """Create a professional; return the id.

    Raises ``PasswordTooShort``, or ``sqlalchemy.exc.IntegrityError`` if the login is taken.
    """
    agent = AgentRecord(
        id=new_id(),
        login=_normal(login),
        password_hash=_hashed(password, hasher),
        display_name=display_name.strip(),
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return agent.id


def set_password(
    session: Session, login: str, password: str, hasher: PasswordHasher | None = None
) -> bool:
    """Give a new password and end the sessions; say whether the login exists.

    Raises ``PasswordTooShort``.
    """
    query = select(AgentRecord).where(AgentRecord.login == _normal(login))
    agent = session.scalars(query).one_or_none()
    if agent is None:
        return False
    agent.password_hash = _hashed(password, hasher)
    session.execute(delete(AgentSessionRecord).where(AgentSessionRecord.agent_id == agent.id))
    return True


def first_agent(session: Session, now: datetime) -> tuple[str, str] | None:
    """Create the first professional; return login and password, to be shown once.

    Returns None, and creates nobody, when there is one already.
    """
    if session.scalars(select(AgentRecord.id).limit(1)).first() is not None:
        return None
    password = new_password()
    create_agent(session, FIRST_LOGIN, password, "Équipe Première réponse", now)
    return FIRST_LOGIN, password


def new_password() -> str:
    """Return a generated password, in four groups that are easy to copy."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _hashed(password: str, hasher: PasswordHasher | None) -> str:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise PasswordTooShort(
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters, not {len(password)}"
        )
    return (hasher or PasswordHasher()).hash(password)
