"""Webhooks to a real receiver: signed by Standard Webhooks, tried again, disabled, sent again on request."""

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER
from tests.integration.notifications.conftest import Office, opened
from tests.integration.notifications.servers import Receiver, certificate_for, receiver
from tests.unit.notifications.cases import HOOK, REPORT, assigned, missed, warned

from events.authority import Actor
from events.clock import SystemClock
from events.ids import derived
from events.testing import eventually
from notifications import endpoint_call
from notifications.outcome import WEBHOOK
from notifications.sending import call_endpoints
from notifications.wiring import SERVICE

PROVIDER = Actor("provider-system", frozenset({"ROLE-33"}), frozenset(), "provider")
STRANGER = Actor("other-system", frozenset({"ROLE-33"}), frozenset(), "somebody-else")
DESK = Actor("hotline-desk", frozenset({"ROLE-02"}), frozenset({"Alder"}), "hotline")
PATH = f"/webhooks/{HOOK}"


async def log(office: Office, actor: Actor = PROVIDER) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.get(actor, f"{PATH}/deliveries"))["items"]
    return items


async def test_an_event_is_delivered_with_a_signature_that_the_library_accepts(
    office: Office, endpoint: Receiver
) -> None:
    secret = await office.register(endpoint.url)
    await office.hear(missed())
    await office.send()
    (call,) = endpoint.calls
    content = Webhook(secret).verify(call.body, call.headers)
    assert (content["type"], content["data"]["reportId"]) == ("deadlines.ClockMissed.v1", str(REPORT))
    assert call.headers["webhook-id"] == str(derived("deadlines", 0))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(call.body.replace(b"Alder", b"Birch"), call.headers)
    (entry,) = await log(office)
    assert (entry["state"], entry["lastStatus"], entry["attempts"]) == ("sent", 204, 1)


async def test_other_types_and_other_counties_are_not_delivered(office: Office, endpoint: Receiver) -> None:
    await office.register(endpoint.url, types=["deadlines.ClockMissed.v1"])
    await office.hear(missed(county="Birch"), warned())
    await office.hear(assigned())
    await office.send()
    assert endpoint.calls == []


async def test_the_same_message_again_is_one_delivery(office: Office, endpoint: Receiver) -> None:
    await office.register(endpoint.url)
    await office.hear(missed())
    await office.hear(missed(), again=True)
    await office.send()
    assert len(endpoint.calls) == 1


async def test_a_failing_endpoint_is_tried_by_the_schedule_and_then_given_up(
    office: Office, endpoint: Receiver
) -> None:
    """Standard Webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
    await office.register(endpoint.url)
    endpoint.statuses = [500, 503, 429, 404, 302] * 4
    await office.hear(missed())
    await office.send()
    for wait in WEBHOOK:
        office.clock.advance(wait - timedelta(seconds=1))
        before = len(endpoint.calls)
        assert await office.send() == 0
        office.clock.advance(timedelta(seconds=1))
        await office.send()
        assert len(endpoint.calls) == before + 1
    office.clock.advance(timedelta(days=30))
    await office.send()
    assert len(endpoint.calls) == len(WEBHOOK) + 1
    assert {call.headers["webhook-id"] for call in endpoint.calls} == {str(derived("deadlines", 0))}
    assert {call.path for call in endpoint.calls} == {"/"}
    (entry,) = await log(office)
    assert (entry["state"], entry["attempts"]) == ("failed", len(WEBHOOK) + 1)


async def test_an_endpoint_that_is_gone_is_disabled(office: Office, endpoint: Receiver) -> None:
    """Standard Webhooks: 410 disables the endpoint; what still waits is cancelled."""
    await office.register(endpoint.url)
    endpoint.statuses = [410]
    await office.hear(missed(), warned())
    await office.send()
    assert len(endpoint.calls) == 1
    assert sorted(row["state"] for row in await office.deliveries(channel="webhook")) == ["cancelled", "failed"]
    shown = await office.get(PROVIDER, PATH)
    assert (shown["active"], shown["disabledBecause"]) == (False, "gone")
    await office.hear(missed(title="later"))
    assert len(await office.deliveries(channel="webhook")) == 2


async def test_a_delivery_is_sent_again_on_request_under_its_old_id(office: Office, endpoint: Receiver) -> None:
    secret = await office.register(endpoint.url)
    await office.hear(missed())
    await office.send()
    (entry,) = await log(office)
    path = f"{PATH}/deliveries/{entry['deliveryId']}/resend"
    assert (await office.ask(PROVIDER, "POST", path)).status_code == 403
    answer = await office.ask(ADMINISTRATOR, "POST", path)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert await office.send() == 1
    first, second = endpoint.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Webhook(secret).verify(second.body, second.headers) == orjson.loads(first.body)
    (entry,) = await log(office)
    assert (entry["state"], entry["resentBy"]) == ("sent", ADMINISTRATOR.id)
    unknown = await office.ask(ADMINISTRATOR, "POST", f"{PATH}/deliveries/{HOOK}/resend")
    assert unknown.json()["code"] == "delivery-not-found"


async def test_after_a_rotation_both_secrets_sign_for_a_day(office: Office, endpoint: Receiver) -> None:
    old = await office.register(endpoint.url)
    new = (await office.ask(ADMINISTRATOR, "POST", f"{PATH}/rotate-secret")).json()["secret"]
    await office.hear(missed())
    await office.send()
    (call,) = endpoint.calls
    for secret in (old, new):
        assert Webhook(secret).verify(call.body, call.headers)
    office.clock.advance(timedelta(hours=24))
    await office.hear(warned())
    await office.send()
    assert len(endpoint.calls[1].headers["webhook-signature"].split()) == 1


async def test_the_secret_is_shown_once_and_stored_encrypted(office: Office, endpoint: Receiver) -> None:
    body = {"url": endpoint.url, "types": ["*"], "counties": ["Alder"], "organisation": "provider"}
    first = await office.ask(ADMINISTRATOR, "PUT", PATH, body, Idempotency_Key="one")
    again = await office.ask(ADMINISTRATOR, "PUT", PATH, body, Idempotency_Key="one")
    same = await office.ask(ADMINISTRATOR, "PUT", PATH, body)
    secret = first.json()["secret"]
    assert secret.startswith("whsec_")
    assert [each.json()["secret"] for each in (again, same)] == [None, None]
    assert [each.status_code for each in (first, again, same)] == [201, 200, 200]
    shown = [await office.get(ADMINISTRATOR, path) for path in (PATH, "/webhooks")]
    stored = await office.runtime.pool.fetchval("select string_agg(events::text, ' ') from events")
    assert not any(secret[6:] in each for each in (orjson.dumps(shown).decode(), stored))


async def test_each_organisation_sees_its_own_endpoints(office: Office, endpoint: Receiver) -> None:
    await office.register(endpoint.url)
    await office.hear(missed())
    assert len((await office.get(PROVIDER, "/webhooks"))["items"]) == 1
    assert (await office.get(STRANGER, "/webhooks"))["items"] == []
    for path in (PATH, f"{PATH}/deliveries"):
        assert (await office.ask(STRANGER, "GET", path)).status_code == 404
    for actor in (PROVIDER, STRANGER, SUPERVISOR, WORKER):
        assert (await office.ask(actor, "DELETE", PATH)).status_code == 403


async def test_the_own_endpoint_takes_events_of_the_own_counties_only(office: Office, endpoint: Receiver) -> None:
    body = {"url": endpoint.url, "types": ["*"], "counties": ["Alder", "Birch"], "organisation": "hotline"}
    refused = await office.ask(DESK, "PUT", PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "webhook-county-not-permitted")
    assert (await office.ask(DESK, "PUT", PATH, body | {"counties": ["Alder"]})).status_code == 201
    other = body | {"counties": ["Alder"], "organisation": "provider"}
    assert (await office.ask(DESK, "PUT", PATH, other)).status_code == 403


async def test_a_disabled_endpoint_is_silent_until_it_is_put_back(office: Office, endpoint: Receiver) -> None:
    await office.register(endpoint.url)
    assert (await office.ask(ADMINISTRATOR, "DELETE", PATH)).json()["events"] == ["WebhookDisabled"]
    await office.hear(missed())
    await office.send()
    assert endpoint.calls == []
    body = {"url": endpoint.url, "types": ["deadlines.*"], "counties": ["Alder"], "organisation": "provider"}
    assert (await office.ask(ADMINISTRATOR, "PUT", PATH, body)).json()["events"] == ["WebhookEnabled"]
    await office.hear(warned())
    await office.send()
    assert len(endpoint.calls) == 1


async def test_an_endpoint_that_does_not_answer_is_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_call, "SECONDS", 0.2)

    async def never(reader: Any, writer: Any) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await office.register(f"http://127.0.0.1:{port}/")
        await office.hear(missed())
        await office.send()
    (entry,) = await log(office)
    assert (entry["state"], entry["attempts"], entry["lastStatus"]) == ("waiting", 1, None)


async def test_private_addresses_are_neither_registered_nor_called(
    database: str, tmp_path: Path, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(database, tmp_path, notifications_webhook_allow_private=False) as office:
        body = {"url": endpoint.url, "types": ["*"], "counties": ["Alder"], "organisation": "provider"}
        refused = await office.ask(ADMINISTRATOR, "PUT", PATH, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "webhook-url-not-https")
        # A name that is public when it is registered and leads inside when it is called.
        await office.register("https://hooks.provider.example/")

        async def inside(*args: Any, **more: Any) -> list[Any]:
            return [(2, 1, 6, "", ("127.0.0.1", 443))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
        await office.hear(missed())
        await office.send()
        (row,) = await office.deliveries()
        assert (row["state"], row["last_error"], endpoint.calls) == ("waiting", "NotPublic", [])


@pytest.mark.parametrize(("shown", "status"), [("hooks.provider.example", 204), ("other.example", None)])
async def test_the_checked_address_is_called_and_must_show_the_certificate_of_the_name(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, status: int | None
) -> None:
    """The name cannot lead elsewhere between the check and the call, and nobody else can stand in for it."""
    file = certificate_for(shown, tmp_path / "certificate.pem", SystemClock().now() + timedelta(days=1))
    trust = ssl.create_default_context(cafile=file)
    looked_up: list[str] = []

    async def here(host: str, *args: Any, **more: Any) -> list[Any]:
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", 0))]

    with receiver(file) as endpoint:
        async with opened(database, tmp_path, notifications_webhook_allow_private=False) as office:
            port = endpoint.url.rpartition(":")[2]
            await office.register(f"https://hooks.provider.example:{port}/events")
            monkeypatch.setattr(endpoint_call, "is_public", lambda address: True)
            monkeypatch.setattr(endpoint_call, "_certificates", lambda: trust)
            await office.hear(missed())
            with monkeypatch.context() as patch:
                patch.setattr(asyncio.get_running_loop(), "getaddrinfo", here)
                await office.send()
            (row,) = await office.deliveries()
    assert row["last_status"] == status
    assert "hooks.provider.example" in looked_up
    assert [(each.path, each.headers["host"]) for each in endpoint.calls] == [
        ("/events", f"hooks.provider.example:{port}") for _ in range(1 if status else 0)
    ]


async def test_what_is_due_is_reported_as_pending_work(office: Office, endpoint: Receiver) -> None:
    question = SERVICE.pending.format("notifications")
    await office.register(endpoint.url)
    await office.hear(missed())
    assert await office.runtime.pool.fetchval(question, office.clock.now()) is True
    await office.send()
    assert await office.runtime.pool.fetchval(question, office.clock.now()) is False


async def test_the_loops_deliver_by_themselves_and_stop_when_told(office: Office, endpoint: Receiver) -> None:
    await office.register(endpoint.url)
    loops = asyncio.create_task(call_endpoints(office.runtime))
    await office.hear(missed(), warned())

    async def sent() -> bool:
        return len(await office.deliveries(channel="webhook", state="sent")) == 2

    await eventually(sent)
    loops.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loops
    assert len(endpoint.calls) == 2
