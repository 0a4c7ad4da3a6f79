"""The small built-in issuer of the local run: it signs tokens for named demo people, and never beside a real issuer."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
from fastapi import APIRouter, Request, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from events.authority import Actor
from events.clock import Clock
from events.decider import Rejected
from events.key_file import write_once
from events.tokens import TokenSettings

ALGORITHM = "ES256"
LIFETIME = timedelta(hours=8)


class IssuerRefused(RuntimeError):
    """The built-in issuer must not run. The message is one line that says why."""


def refuse_when_configured(external_issuer_url: str | None) -> None:
    """Raises IssuerRefused when a real issuer is configured: nobody signs tokens beside it."""
    if external_issuer_url:
        raise IssuerRefused(f"the built-in issuer does not start: tokens come from {external_issuer_url}")


def signing_key(directory: Path) -> ECKey:
    """The key kept in `directory`, made at the first start, readable by its owner alone (0600).

    Raises IssuerRefused when others can read it. Processes that start together agree on one key.
    """
    path = directory / "issuer.key"
    if not path.exists():
        write_once(path, ECKey.generate_key("P-256").as_pem(private=True))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise IssuerRefused(f"the built-in issuer does not start: others can read {path}")
    key = ECKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


class Issuer:
    """Signs tokens for `people` (demo people by id) and is, in process, the source of its own public key."""

    def __init__(self, settings: TokenSettings, key: ECKey, clock: Clock, people: Mapping[str, Actor]) -> None:
        self.settings, self.people, self._key, self._clock = settings, people, key, clock
        self._public = KeySet([ECKey.import_key(key.as_dict(private=False))])

    async def keys(self, *, fresh: bool = False) -> KeySet:
        """The public key; it is always current."""
        return self._public

    def issue(self, actor: Actor, lifetime: timedelta = LIFETIME) -> str:
        """A token that names `actor` for `lifetime` from now on."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.settings.issuer,
            "aud": self.settings.audience,
            "sub": actor.id,
            "iat": now,
            "nbf": now,
            "exp": now + int(lifetime.total_seconds()),
            self.settings.roles_claim: sorted(actor.roles),
            self.settings.counties_claim: sorted(actor.counties),
        }
        if actor.organisation:
            claims[self.settings.organisation_claim] = actor.organisation
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM])


def issuer_routes(issuer: Issuer) -> APIRouter:
    """The routes of the issuer, to be mounted under the path of its URL."""
    router, url = APIRouter(tags=["issuer"]), issuer.settings.issuer.rstrip("/")

    @router.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": issuer.settings.issuer,
            "jwks_uri": f"{url}/jwks",
            "token_endpoint": f"{url}/token",
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    @router.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return dict((await issuer.keys()).as_dict(private=False))

    @router.post("/token")
    async def token(request: Request, response: Response) -> dict[str, Any]:
        actor = issuer.people.get(await _person(request))
        if actor is None:
            raise Rejected("person-unknown", "no demo person has this id", field="person", status=400)
        response.headers["Cache-Control"] = "no-store"
        expires_in = int(LIFETIME.total_seconds())
        return {"access_token": issuer.issue(actor), "token_type": "Bearer", "expires_in": expires_in}

    return router


async def _person(request: Request) -> str:
    body = await request.body()
    if not request.headers.get("content-type", "").startswith("application/json"):
        return parse_qs(body.decode("utf-8", "replace")).get("person", [""])[0]
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(fields.get("person")) if isinstance(fields, dict) else ""
