"""The built-in issuer of the local run: its key, its tokens, its routes, and that it stays away from a real issuer."""

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey

from events.authority import Actor
from events.clock import VirtualClock
from events.decider import Rejected
from events.issuer import Issuer, IssuerRefused, issuer_routes, refuse_when_configured, signing_key
from events.tokens import TokenSettings, TokenVerifier

SETTINGS = TokenSettings("http://127.0.0.1:8000/issuer", "hearthline")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORKER = Actor("worker-1", frozenset({"ROLE-05", "ROLE-06"}), frozenset({"alder", "birch"}))
HOTLINE = Actor("hotline-software", frozenset({"ROLE-02"}), organisation="state-hotline")
KEY = ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(MORNING)


@pytest.fixture
def issuer(clock: VirtualClock) -> Issuer:
    return Issuer(SETTINGS, KEY, clock, {"worker": WORKER, "hotline": HOTLINE})


@pytest.fixture
async def client(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(issuer_routes(issuer), prefix="/issuer")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("actor", [WORKER, HOTLINE])
async def test_a_token_comes_back_as_the_actor_it_was_issued_to(
    issuer: Issuer, clock: VirtualClock, actor: Actor
) -> None:
    assert await TokenVerifier(SETTINGS, issuer, clock).actor(issuer.issue(actor)) == actor


async def test_a_token_lives_as_long_as_was_asked(issuer: Issuer, clock: VirtualClock) -> None:
    token, tokens = issuer.issue(WORKER, timedelta(minutes=5)), TokenVerifier(SETTINGS, issuer, clock)
    clock.advance(timedelta(minutes=5))
    assert await tokens.actor(token) == WORKER
    clock.advance(SETTINGS.leeway)
    with pytest.raises(Rejected, match="expired"):
        await tokens.actor(token)


async def test_the_routes_give_tokens_to_demo_people_by_form_and_by_json(
    client: httpx.AsyncClient, issuer: Issuer, clock: VirtualClock
) -> None:
    tokens = TokenVerifier(SETTINGS, issuer, clock)
    for sent in ({"data": {"person": "worker"}}, {"json": {"person": "worker"}}):
        answer = await client.post("/issuer/token", **sent)  # type: ignore[arg-type]
        assert answer.headers["Cache-Control"] == "no-store"
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 8 * 3600)
        assert await tokens.actor(answer.json()["access_token"]) == WORKER


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"person": "worker-1"}},
        {"data": {}},
        {"json": {"person": ["worker"]}},
        {"json": ["worker"]},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": b"\xff\xfe"},
    ],
    ids=str,
)
async def test_nobody_else_gets_a_token(client: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as refused:
        await client.post("/issuer/token", **sent)
    assert (refused.value.code, refused.value.status) == ("person-unknown", 400)


async def test_the_published_key_has_no_private_part(client: httpx.AsyncClient) -> None:
    discovery = (await client.get("/issuer/.well-known/openid-configuration")).json()
    assert discovery["issuer"] == SETTINGS.issuer
    [key] = (await client.get(discovery["jwks_uri"])).json()["keys"]
    assert key["kid"] == KEY.kid
    assert "d" not in key


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = signing_key(tmp_path / "data")
    assert (tmp_path / "data" / "issuer.key").stat().st_mode & 0o777 == 0o600
    assert signing_key(tmp_path / "data").kid == first.kid
    assert os.listdir(tmp_path / "data") == ["issuer.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(signing_key, [tmp_path] * 8))
    assert len({key.kid for key in keys}) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    signing_key(tmp_path)
    (tmp_path / "issuer.key").chmod(0o644)
    with pytest.raises(IssuerRefused, match="others can read"):
        signing_key(tmp_path)


def test_the_issuer_does_not_start_beside_a_real_one() -> None:
    refuse_when_configured(None)
    refuse_when_configured("")
    with pytest.raises(IssuerRefused, match=r"login\.example") as refused:
        refuse_when_configured("https://login.example")
    assert "\n" not in str(refused.value)
