"""Endpoints of other systems."""

from datetime import timedelta

import pytest
from tests.unit.notifications.cases import ENDPOINT, HOOK, NOW

from events.testing import Scenario
from notifications.commands import DisableWebhook, PutWebhook, RotateSecret
from notifications.content import Endpoint
from notifications.events import (
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookRegistered,
    WebhookSecretRotated,
)
from notifications.patterns import deliverable, wanted
from notifications.webhook import WEBHOOK

webhook = Scenario(WEBHOOK)
REGISTERED = WebhookRegistered(webhook_id=HOOK, endpoint=ENDPOINT, secret="sealed", by="ada")
DISABLED = WebhookDisabled(webhook_id=HOOK, because="gone", by="notifications")


def put(endpoint: Endpoint = ENDPOINT, allow_private: bool = False) -> PutWebhook:
    return PutWebhook(HOOK, endpoint, "sealed", allow_private, "ada", NOW)


def changed(**more: object) -> Endpoint:
    return ENDPOINT.model_copy(update=more)


def test_an_endpoint_is_registered() -> None:
    webhook.when(put()).then(REGISTERED)


def test_the_same_endpoint_again_changes_nothing_and_keeps_its_secret() -> None:
    webhook.given(REGISTERED).when(put()).nothing()


def test_an_endpoint_changes() -> None:
    other = changed(types=("intake.ReportScreened.v1",))
    webhook.given(REGISTERED).when(put(other)).then(WebhookChanged(webhook_id=HOOK, endpoint=other, by="ada"))


def test_an_endpoint_that_answered_gone_is_disabled_once() -> None:
    disable = DisableWebhook("gone", "notifications", NOW)
    webhook.given(REGISTERED).when(disable).then(DISABLED)
    webhook.given(REGISTERED, DISABLED).when(disable).nothing()


def test_a_disabled_endpoint_is_put_back() -> None:
    webhook.given(REGISTERED, DISABLED).when(put()).then(WebhookEnabled(webhook_id=HOOK, by="ada"))


def test_the_old_secret_signs_for_one_more_day() -> None:
    rotated = WebhookSecretRotated(webhook_id=HOOK, secret="new", previous_until=NOW + timedelta(hours=24), by="ada")
    webhook.given(REGISTERED).when(RotateSecret("new", "ada", NOW)).then(rotated)


def test_what_is_not_registered_cannot_be_disabled() -> None:
    assert webhook.when(DisableWebhook("asked", "ada", NOW)).rejected("webhook-not-found").status == 404


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.provider.example/", "webhook-url-not-https"),
        ("https://localhost/", "webhook-address-private"),
        ("https://127.0.0.1/", "webhook-address-private"),
        ("https://10.1.2.3/", "webhook-address-private"),
        ("https://[::1]/", "webhook-address-private"),
        ("https://[::ffff:192.168.0.1]/", "webhook-address-private"),
        ("https://169.254.169.254/latest/meta-data", "webhook-address-private"),
        ("https://user:word@hooks.provider.example/", "webhook-url-invalid"),
        ("https:///nowhere", "webhook-url-invalid"),
        ("https://[broken/", "webhook-url-invalid"),
        ("https://hooks.provider.example:99999/", "webhook-url-invalid"),
        ("ftp://hooks.provider.example/", "webhook-url-invalid"),
    ],
)
def test_an_unsafe_url_is_refused(url: str, code: str) -> None:
    assert webhook.when(put(changed(url=url))).rejected(code).field == "url"


def test_a_local_run_may_call_itself() -> None:
    local = changed(url="http://127.0.0.1:9000/hook")
    assert webhook.when(put(local, allow_private=True)).state().endpoint == local


def test_a_pattern_that_names_no_event_is_refused() -> None:
    refusal = webhook.when(put(changed(types=("deadlines.*", "deadlines.ClockMised.v1")))).rejected(
        "webhook-type-unknown"
    )
    assert refusal.field == "types"


def test_patterns_name_events_of_deadlines_intake_and_investigation() -> None:
    assert {kind.partition(".")[0] for kind in deliverable()} == {"deadlines", "intake", "investigation"}
    assert wanted(("*.ClockMissed.v1",), "deadlines.ClockMissed.v1")
    assert not wanted(("deadlines.Clock*", "intake.*"), "investigation.InvestigationOpened.v1")
