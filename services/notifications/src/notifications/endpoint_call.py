"""Webhooks by Standard Webhooks: one signed attempt to hand one public event to one endpoint.

Events of one subject may reach an endpoint out of order when an attempt fails; the payload's timestamp tells. Order per
endpoint and subject is later work.
"""

import asyncio
import socket
import ssl
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

from events.decider import Rejected
from events.recorded import Context
from events.runtime import Runtime
from notifications.addresses import check_url, is_public
from notifications.commands import DisableWebhook
from notifications.outcome import Outcome
from notifications.webhook import WEBHOOK

ENDPOINT = "select url, active, secret, previous_secret, previous_until from webhooks where webhook_id = $1"
SECONDS = 10.0


class NotPublic(OSError):
    """The name of an endpoint leads to an address that is not called."""


async def send(runtime: Runtime, connection: Any, delivery: Any) -> Outcome:
    """Call the endpoint as it is registered now. An endpoint that answers 410 is disabled."""
    endpoint = await connection.fetchrow(ENDPOINT, delivery["webhook_id"])
    if not endpoint["active"]:
        return Outcome("cancelled", error="webhook-disabled")
    try:
        async with asyncio.timeout(SECONDS), _client() as client:
            status = await _post(client, runtime, endpoint, delivery)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, Rejected) as error:
        return Outcome("again", error=type(error).__name__)
    if status == 410:
        await _disable(runtime, delivery)
        return Outcome("failed", status, "gone")
    return Outcome("sent", status) if 200 <= status < 300 else Outcome("again", status)


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=_certificates(), timeout=SECONDS, trust_env=False, follow_redirects=False)


async def _post(client: httpx.AsyncClient, runtime: Runtime, endpoint: Any, delivery: Any) -> int:
    url, more = await _destination(endpoint["url"], runtime.settings.notifications_webhook_allow_private)
    headers = signed(runtime, endpoint, delivery, runtime.clock.now()) | more.pop("headers", {})
    async with client.stream("POST", url, content=delivery["body"].encode(), headers=headers, **more) as response:
        return response.status_code


async def _destination(text: str, allow_private: bool) -> tuple[httpx.URL, dict[str, Any]]:
    """Where to connect: to the very address that was checked, under the name that the certificate must show."""
    check_url(text, allow_private=allow_private)
    url = httpx.URL(text)
    if allow_private:
        return url, {}
    found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public, addresses)):
        raise NotPublic(url.host)
    pinned = {"headers": {"host": url.netloc.decode()}, "extensions": {"sni_hostname": url.host}}
    return url.copy_with(host=addresses[0]), pinned


def signed(runtime: Runtime, endpoint: Any, delivery: Any, now: datetime) -> dict[str, str]:
    """The headers of one attempt: the id of the event, the time of the attempt, a signature for each secret in force."""
    secrets = [endpoint["secret"]]
    if endpoint["previous_secret"] and now < endpoint["previous_until"]:
        secrets.append(endpoint["previous_secret"])
    id = str(delivery["source_id"])
    signatures = [Webhook(runtime.vault.unwrap(secret)).sign(id, now, delivery["body"]) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "Hearthline-Webhooks/1",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _disable(runtime: Runtime, delivery: Any) -> None:
    now, name = runtime.clock.now(), runtime.service.name
    command = DisableWebhook("gone", name, now)
    await runtime.handle(WEBHOOK, delivery["webhook_id"], command, Context(name, now, now, runtime.ids()))
