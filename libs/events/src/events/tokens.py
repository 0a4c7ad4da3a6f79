"""Bearer tokens of an OpenID Connect issuer: checked once, then known until they expire."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from events.authority import Actor
from events.clock import Clock
from events.decider import Rejected
from events.permissions import ROLES
from events.token_keys import KeySource

ALGORITHMS = ("ES256", "RS256")
LONGEST_TOKEN = 16_384
HEADERS = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Whose tokens are believed, for whom they must be made out, and which claims say who the caller is."""

    issuer: str
    audience: str
    leeway: timedelta = timedelta(seconds=30)
    cached: int = 10_000
    roles_claim: str = "roles"
    counties_claim: str = "counties"
    organisation_claim: str = "organisation"


class TokenVerifier:
    """Turns the token of a request into an Actor. A token once verified is believed until it expires.

    Withdrawing a key therefore ends its tokens only as they expire: issue tokens for minutes or hours, not for days.
    """

    def __init__(self, settings: TokenSettings, keys: KeySource, clock: Clock) -> None:
        self._settings, self._keys, self._clock = settings, keys, clock
        self._verified: OrderedDict[str, tuple[Actor, float]] = OrderedDict()
        self._leeway = int(settings.leeway.total_seconds())
        self._claims = JWTClaimsRegistry(
            now=lambda: int(clock.now().timestamp()),
            leeway=self._leeway,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, header: str | None) -> Actor:
        """The caller of an Authorization header. Raises Rejected (401): token-missing, token-invalid, token-expired."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Rejected("token-missing", "send a bearer token in the Authorization header", status=401)
        return await self.actor(token.strip())

    async def actor(self, token: str) -> Actor:
        """The caller that `token` names. Raises Rejected: token-invalid, token-expired (401); 503 without any keys."""
        known = self._verified.get(token)
        if known is None:
            return await self._verify(token)
        if known[1] <= self._clock.now().timestamp():
            del self._verified[token]
            raise _expired()
        self._verified.move_to_end(token)
        return known[0]

    async def _verify(self, token: str) -> Actor:
        if len(token) > LONGEST_TOKEN:
            raise _invalid()
        try:
            claims = self._read(token, await self._keys.keys())
        except InvalidKeyIdError:
            claims = self._read_with_new_keys(token, await self._keys.keys(fresh=True))
        actor = self._actor(claims)
        self._verified[token] = (actor, claims["exp"] + self._leeway)
        if len(self._verified) > self._settings.cached:
            self._verified.popitem(last=False)
        return actor

    def _read_with_new_keys(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return self._read(token, keys)
        except InvalidKeyIdError:
            raise _invalid() from None

    def _read(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, keys, registry=HEADERS).claims
            self._claims.validate(claims)
        except InvalidKeyIdError:
            raise
        except ExpiredTokenError:
            raise _expired() from None
        # A token is a stranger's text: whatever goes wrong in reading it is a refusal, and never shows the text.
        except Exception:
            raise _invalid() from None
        return claims

    def _actor(self, claims: dict[str, Any]) -> Actor:
        organisation = claims.get(self._settings.organisation_claim)
        return Actor(
            id=claims["sub"],
            roles=_words(claims.get(self._settings.roles_claim)).intersection(ROLES),
            counties=_words(claims.get(self._settings.counties_claim)),
            organisation=organisation if isinstance(organisation, str) and organisation else None,
        )


def _words(claim: object) -> frozenset[str]:
    words = [claim] if isinstance(claim, str) else claim if isinstance(claim, list) else []
    return frozenset(word for word in words if isinstance(word, str) and word)


def _invalid() -> Rejected:
    return Rejected("token-invalid", "the bearer token is not valid here", status=401)


def _expired() -> Rejected:
    return Rejected("token-expired", "the bearer token has expired", status=401)
