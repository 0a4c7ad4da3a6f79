"""The public keys that tokens are checked with: fetched from an OpenID Connect issuer, kept, renewed with restraint."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from events.decider import Rejected

FETCHED_FOR, KEPT_FOR, PAUSE, PATIENCE = 3600.0, 86400.0, 30.0, 5.0
PRIVATE_KINDS = {"oct"}

log = structlog.get_logger()


class KeySource(Protocol):
    """Where the verifier finds the issuer's public keys."""

    async def keys(self, *, fresh: bool = False) -> KeySet:
        """The keys; with `fresh`, fetched again if that is allowed now. Raises Rejected (503) when there are none."""
        ...


class OpenIdKeys:
    """The keys of an OpenID Connect issuer, found by discovery.

    They are fetched again after an hour, or when a token names a key that is not among them, but never more often than
    every 30 seconds. When the issuer does not answer, the last keys are good for a day.
    """

    def __init__(self, issuer: str, client: httpx.AsyncClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        # Seconds of the machine, not of the domain: a virtual clock that stands still must not stop the refresh.
        self._issuer, self._client, self._monotonic = issuer, client, monotonic
        self._known: KeySet | None = None
        self._fetched_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def keys(self, *, fresh: bool = False) -> KeySet:
        if self._due(fresh):
            async with self._lock:
                if self._due(fresh):
                    await self._refresh()
        if self._known is None or self._monotonic() - self._fetched_at > KEPT_FOR:
            raise Rejected("token-keys-unavailable", "the issuer of tokens does not answer", status=503)
        return self._known

    def _due(self, fresh: bool) -> bool:
        now = self._monotonic()
        wanted = fresh or self._known is None or now - self._fetched_at > FETCHED_FOR
        return wanted and now - self._tried_at >= PAUSE

    async def _refresh(self) -> None:
        self._tried_at = self._monotonic()
        try:
            self._known = await self._fetch()
            self._fetched_at = self._monotonic()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            log.warning("token keys not fetched", issuer=self._issuer, reason=str(error))

    async def _fetch(self) -> KeySet:
        discovery = await self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if discovery.get("issuer") != self._issuer:
            raise ValueError("the discovery document is of another issuer")
        address = str(discovery.get("jwks_uri"))
        if self._issuer.startswith("https:") and not address.startswith("https:"):
            raise ValueError("the keys would come over an open connection")
        keys = list(_public_keys(await self._get(address)))
        if not keys:
            raise ValueError("the issuer has no key that can be used")
        return KeySet(keys)

    async def _get(self, url: str) -> dict[str, Any]:
        answer = await self._client.get(url, timeout=PATIENCE, follow_redirects=False)
        document = answer.raise_for_status().json()
        if not isinstance(document, dict):
            raise ValueError(f"{url} is not a JSON object")
        return document


def _public_keys(document: dict[str, Any]) -> Iterator[Key]:
    """The keys of a JWKS that are understood; RFC 7517 section 5 has the others ignored."""
    entries = document.get("keys")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") in PRIVATE_KINDS:
            continue
        try:
            yield JWKRegistry.import_key(entry)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("token key ignored", kid=str(entry.get("kid")), reason=str(error))
