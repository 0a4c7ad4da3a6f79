"""Bearer tokens: what is believed, what is refused and how, and that a verified token costs next to nothing."""

import asyncio
import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as some
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from events.authority import Actor
from events.clock import VirtualClock
from events.decider import Rejected
from events.issuer import Issuer, issuer_routes
from events.token_keys import KEPT_FOR, PAUSE, OpenIdKeys
from events.tokens import TokenSettings, TokenVerifier

URL, AUDIENCE = "https://login.example", "hearthline"
SETTINGS = TokenSettings(URL, AUDIENCE)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = int(MORNING.timestamp())
EC_KEY = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
RSA_KEY = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
NEW_KEY = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
SUPERVISOR = Actor("supervisor-1", frozenset({"ROLE-03"}), frozenset({"alder"}), "county-office")
CLAIMS: dict[str, Any] = {
    "iss": URL,
    "aud": AUDIENCE,
    "sub": "supervisor-1",
    "iat": NOW,
    "exp": NOW + 600,
    "roles": ["ROLE-03"],
    "counties": ["alder"],
    "organisation": "county-office",
    "name": "Robin Example",
}


class Keys:
    """A key source that counts how often it is asked; `rotated` are its keys when asked for fresh ones."""

    def __init__(self, *keys: Key, rotated: tuple[Key, ...] = ()) -> None:
        self.present, self.rotated, self.asked, self.asked_fresh = keys, rotated, 0, 0

    async def keys(self, *, fresh: bool = False) -> KeySet:
        self.asked += 1
        self.asked_fresh += fresh
        if fresh and self.rotated:
            self.present = self.rotated
        return KeySet(list(self.present))


def signed(key: Key = EC_KEY, algorithm: str = "ES256", /, **changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])


def verifier(believed: TokenSettings = SETTINGS) -> TokenVerifier:
    return TokenVerifier(believed, Keys(EC_KEY, RSA_KEY), VirtualClock(MORNING))


async def refusal(token: str, by: TokenVerifier | None = None) -> str:
    """The code with which `token` is refused, after checking that the refusal is a 401 that does not show the token."""
    with pytest.raises(Rejected) as refused:
        await (by or verifier()).actor(token)
    assert refused.value.status == 401
    assert not token or token not in f"{refused.value} {refused.value.detail}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.code


def rewritten(token: str, *, header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> str:
    """`token` with another header or payload under its old signature."""
    parts = token.split(".")
    for place, content in ((0, header), (1, claims)):
        if content is not None:
            parts[place] = _base64(json.dumps(content).encode())
    return ".".join(parts)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def test_a_token_names_its_actor_by_claims_and_the_name_is_ignored() -> None:
    assert await verifier().actor(signed()) == SUPERVISOR


async def test_an_rsa_key_of_the_issuer_is_as_good() -> None:
    assert await verifier().actor(signed(RSA_KEY, "RS256")) == SUPERVISOR


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic c3Vw", "supervisor-1"])
async def test_a_request_without_a_bearer_token_is_refused_as_such(header: str | None) -> None:
    with pytest.raises(Rejected) as refused:
        await verifier().verify(header)
    assert (refused.value.code, refused.value.status) == ("token-missing", 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_of_the_header_is_read_in_any_case(scheme: str) -> None:
    assert await verifier().verify(f"{scheme} {signed()}") == SUPERVISOR


async def test_an_expired_token_says_that_it_expired() -> None:
    assert await refusal(signed(exp=NOW - 3600, iat=NOW - 7200)) == "token-expired"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another-system"},
        {"aud": ["another-system", "a-third"]},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": NOW + 3600},
        {"iat": NOW + 3600},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_or_missing_claim_is_refused(change: dict[str, Any]) -> None:
    assert await refusal(signed(**change)) == "token-invalid"


async def test_one_of_several_audiences_is_enough() -> None:
    assert await verifier().actor(signed(aud=["another-system", AUDIENCE])) == SUPERVISOR


async def test_a_small_clock_skew_is_forgiven_and_a_larger_one_is_not() -> None:
    assert await verifier().actor(signed(exp=NOW - 20)) == SUPERVISOR
    assert await verifier().actor(signed(nbf=NOW + 20, iat=NOW + 20)) == SUPERVISOR
    assert await refusal(signed(exp=NOW - 30)) == "token-expired"
    assert await refusal(signed(nbf=NOW + 31)) == "token-invalid"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
async def test_a_token_that_claims_to_need_no_signature_is_refused(algorithm: str) -> None:
    head, payload, signature = rewritten(signed(), header={"alg": algorithm, "kid": EC_KEY.kid}).split(".")
    assert await refusal(f"{head}.{payload}.") == "token-invalid"
    assert await refusal(f"{head}.{payload}.{signature}") == "token-invalid"


@pytest.mark.parametrize("key", [EC_KEY, RSA_KEY], ids=("EC", "RSA"))
async def test_the_public_key_does_not_serve_as_a_shared_secret(key: ECKey | RSAKey) -> None:
    unsigned = rewritten(signed(), header={"alg": "HS256", "typ": "JWT", "kid": key.kid}).rpartition(".")[0]
    digest = hmac.digest(key.as_pem(private=False), unsigned.encode(), "sha256")
    assert await refusal(f"{unsigned}.{_base64(digest)}") == "token-invalid"


async def test_a_tampered_payload_is_refused() -> None:
    assert await refusal(rewritten(signed(), claims={**CLAIMS, "roles": ["ROLE-79"]})) == "token-invalid"


async def test_a_signature_of_another_key_under_a_known_key_id_is_refused() -> None:
    stranger = ECKey.generate_key("P-256", {"kid": str(EC_KEY.kid)})
    assert await refusal(signed(stranger)) == "token-invalid"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": ["ES256"]},
        {"alg": None},
        {"alg": "ES256", "kid": {"a": 1}},
        {"alg": "ES256", "crit": ["exp"]},
        {"alg": "ES512"},
        {},
    ],
    ids=str,
)
async def test_a_malformed_header_is_refused(header: dict[str, Any]) -> None:
    assert await refusal(rewritten(signed(), header=header)) == "token-invalid"


@pytest.mark.parametrize(
    "token", ["no-token", "a.b.c.d", "..", "é.é.é", "x" * 20_000, "[" * 5_000 + ".." + "]" * 5_000]
)
async def test_what_is_no_token_at_all_is_refused(token: str) -> None:
    assert await refusal(token) == "token-invalid"


@settings(deadline=None)
@given(some.text(max_size=40), some.integers(0, 2))
async def test_no_change_of_a_token_is_believed_or_breaks_the_verifier(noise: str, place: int) -> None:
    parts = GOOD.split(".")
    parts[place] = noise
    assert await refusal(".".join(parts), VERIFIER) == "token-invalid"


async def test_a_role_that_does_not_exist_is_dropped() -> None:
    actor = await verifier().actor(signed(roles=["ROLE-99", "ROLE-05", "administrator", "role-03", 3, None]))
    assert actor.roles == {"ROLE-05"}


@pytest.mark.parametrize("claim", [None, 3, {"ROLE-03": True}, "ROLE-03 ROLE-79", []], ids=str)
async def test_a_roles_claim_of_another_form_gives_no_role(claim: object) -> None:
    assert (await verifier().actor(signed(roles=claim))).roles == frozenset()


async def test_a_single_role_or_county_may_come_as_a_text() -> None:
    actor = await verifier().actor(signed(roles="ROLE-03", counties="alder", organisation=["x"]))
    assert actor == Actor("supervisor-1", frozenset({"ROLE-03"}), frozenset({"alder"}), None)


async def test_the_names_of_the_claims_are_settings() -> None:
    believed = TokenSettings(URL, AUDIENCE, roles_claim="https://agency.example/roles", counties_claim="areas")
    actor = await verifier(believed).actor(signed(**{"https://agency.example/roles": ["ROLE-05"], "areas": ["birch"]}))
    assert actor == Actor("supervisor-1", frozenset({"ROLE-05"}), frozenset({"birch"}), "county-office")


async def test_a_rotated_key_is_fetched_when_a_token_names_it() -> None:
    keys = Keys(EC_KEY, rotated=(EC_KEY, NEW_KEY))
    tokens = TokenVerifier(SETTINGS, keys, VirtualClock(MORNING))
    assert await tokens.actor(signed(NEW_KEY)) == SUPERVISOR
    assert await tokens.actor(signed(EC_KEY)) == SUPERVISOR
    assert keys.asked_fresh == 1


async def test_a_key_that_the_issuer_does_not_know_is_refused() -> None:
    keys = Keys(EC_KEY, RSA_KEY)
    tokens = TokenVerifier(SETTINGS, keys, VirtualClock(MORNING))
    assert await refusal(signed(NEW_KEY), tokens) == "token-invalid"
    assert keys.asked_fresh == 1


async def test_a_verified_token_is_known_until_it_expires() -> None:
    keys, clock, token = Keys(EC_KEY), VirtualClock(MORNING), signed()
    tokens = TokenVerifier(SETTINGS, keys, clock)
    first = await tokens.actor(token)
    clock.advance(timedelta(seconds=629))
    assert await tokens.actor(token) is first
    assert keys.asked == 1
    clock.advance(timedelta(seconds=1))
    assert await refusal(token, tokens) == "token-expired"
    assert await refusal(token, tokens) == "token-expired"


async def test_a_refused_token_is_not_remembered() -> None:
    clock, token = VirtualClock(MORNING), signed(nbf=NOW + 60)
    tokens = TokenVerifier(SETTINGS, Keys(EC_KEY), clock)
    assert await refusal(token, tokens) == "token-invalid"
    clock.advance(timedelta(seconds=60))
    assert await tokens.actor(token) == SUPERVISOR


async def test_the_least_recently_used_token_is_forgotten_first() -> None:
    keys = Keys(EC_KEY)
    tokens = TokenVerifier(TokenSettings(URL, AUDIENCE, cached=2), keys, VirtualClock(MORNING))
    first, second, third = (signed(sub=each) for each in ("first", "second", "third"))
    for token in (first, second, first, third, first):
        await tokens.actor(token)
    assert keys.asked == 3
    await tokens.actor(second)
    assert keys.asked == 4


async def test_a_known_token_costs_less_than_five_microseconds() -> None:
    tokens, token = verifier(), signed()
    await tokens.actor(token)
    rounds = []
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(500):
            await tokens.actor(token)
        rounds.append((time.perf_counter() - start) / 500)
    assert min(rounds) < 5e-6


GOOD, VERIFIER = signed(), verifier()


class Web:
    """An issuer on the web whose answers a test can change, and the seconds that have passed on this machine."""

    def __init__(self, *keys: dict[str, Any], **discovery: Any) -> None:
        self.discovery = {"issuer": URL, "jwks_uri": f"{URL}/keys", **discovery}
        self.keys, self.fetched, self.seconds, self.down = list(keys), 0, 0.0, False
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.source = OpenIdKeys(URL, self.client, monotonic=lambda: self.seconds)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("no answer", request=request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.discovery)
        self.fetched += 1
        return httpx.Response(200, json={"keys": self.keys})

    async def kids(self, *, fresh: bool = False) -> set[str | None]:
        return {key.kid for key in await self.source.keys(fresh=fresh)}


def public(key: ECKey | RSAKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


async def test_keys_are_found_by_discovery_and_kept_for_an_hour() -> None:
    web = Web(public(EC_KEY), public(RSA_KEY))
    for _ in range(3):
        assert await web.kids() == {EC_KEY.kid, RSA_KEY.kid}
    assert web.fetched == 1
    web.seconds, web.keys = 3601, [public(NEW_KEY)]
    assert await web.kids() == {NEW_KEY.kid}


async def test_unknown_key_ids_make_the_issuer_asked_no_more_than_every_thirty_seconds() -> None:
    web = Web(public(EC_KEY))
    tokens = TokenVerifier(SETTINGS, web.source, VirtualClock(MORNING))
    await tokens.actor(signed())
    web.keys, web.seconds = [public(NEW_KEY)], PAUSE - 1
    assert await refusal(signed(NEW_KEY), tokens) == "token-invalid"
    assert web.fetched == 1
    web.seconds = PAUSE
    assert await tokens.actor(signed(NEW_KEY)) == SUPERVISOR
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    for _ in range(5):
        assert await refusal(signed(stranger), tokens) == "token-invalid"
    assert web.fetched == 2


async def test_many_first_callers_cause_one_fetch() -> None:
    web = Web(public(EC_KEY))
    answers = await asyncio.gather(*(web.kids() for _ in range(20)))
    assert answers == [{EC_KEY.kid}] * 20
    assert web.fetched == 1


async def test_the_last_keys_serve_for_a_day_while_the_issuer_is_down() -> None:
    web = Web(public(EC_KEY))
    await web.kids()
    web.down, web.seconds = True, KEPT_FOR
    assert await web.kids() == {EC_KEY.kid}
    web.seconds += 1
    with pytest.raises(Rejected) as refused:
        await web.kids()
    assert (refused.value.code, refused.value.status) == ("token-keys-unavailable", 503)


async def test_without_any_keys_the_answer_is_that_the_issuer_is_unavailable() -> None:
    web = Web()
    web.down = True
    with pytest.raises(Rejected) as refused:
        await TokenVerifier(SETTINGS, web.source, VirtualClock(MORNING)).actor(signed())
    assert refused.value.status == 503
    web.down, web.keys, web.seconds = False, [public(EC_KEY)], PAUSE
    assert await web.kids() == {EC_KEY.kid}


@pytest.mark.parametrize(
    "web",
    [
        Web(public(EC_KEY), issuer="https://elsewhere.example"),
        Web(public(EC_KEY), jwks_uri="http://login.example/keys"),
        Web(public(EC_KEY), jwks_uri=None),
        Web(),
        Web({"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "kid": "shared"}),
    ],
    ids=("another issuer", "open connection", "no address", "no keys", "a shared secret"),
)
async def test_keys_of_a_doubtful_issuer_are_not_taken(web: Web) -> None:
    with pytest.raises(Rejected) as refused:
        await web.kids()
    assert refused.value.status == 503


async def test_a_key_that_is_not_understood_does_not_spoil_the_others() -> None:
    unknown = {"kty": "LATTICE", "kid": "from-the-future"}
    assert await Web(unknown, {"kty": "EC", "crv": "P-0", "x": "", "y": ""}, public(EC_KEY)).kids() == {EC_KEY.kid}


async def test_the_built_in_issuer_is_believed_over_http_like_any_other() -> None:
    believed, clock = TokenSettings("http://localhost/issuer", AUDIENCE), VirtualClock(MORNING)
    issuer, app = Issuer(believed, EC_KEY, clock, {"supervisor-1": SUPERVISOR}), FastAPI()
    app.include_router(issuer_routes(issuer), prefix="/issuer")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        tokens = TokenVerifier(believed, OpenIdKeys(believed.issuer, client), clock)
        answer = await client.post("http://localhost/issuer/token", data={"person": "supervisor-1"})
        assert await tokens.verify(f"Bearer {answer.json()['access_token']}") == SUPERVISOR
