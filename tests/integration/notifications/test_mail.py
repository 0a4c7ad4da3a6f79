"""E-mail through a real SMTP server: sent once, tried again, given up, and known again after a crash."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER
from tests.integration.notifications.conftest import Office, opened, smtp
from tests.integration.notifications.servers import Postbox
from tests.unit.notifications.cases import CLOCK, TITLE, assigned, escalated, missed, warned

from events.authority import Actor
from events.ids import derived
from events.rebuild import rebuild
from events.testing import eventually
from notifications.outcome import MAIL
from notifications.sending import send_mail
from notifications.wiring import SERVICE


async def test_worker_and_supervisor_are_written_to(office: Office, postbox: Postbox) -> None:
    """R-NTF-012, 003:1061: both, once each, without case content."""
    await office.hear(missed())
    assert await office.send() == 2
    assert {address for address, _ in postbox.letters} == {f"{each.id}@agency.example" for each in (WORKER, SUPERVISOR)}
    for _, letter in postbox.letters:
        assert str(letter["Subject"]).endswith(f"CST: {TITLE}")
    assert [row["state"] for row in await office.deliveries()] == ["sent", "sent"]
    assert await office.send() == 0


async def test_everybody_who_holds_the_role_in_the_county_is_written_to(office: Office, postbox: Postbox) -> None:
    await office.hear(missed(worker_id=None, supervisor_id=None, county="Birch"))
    assert await office.send() == 0
    await office.hear(missed(worker_id=None, supervisor_id=None))
    await office.send()
    assert [address for address, _ in postbox.letters] == [f"{SUPERVISOR.id}@agency.example"]


async def test_post_without_a_county_is_written_to_everybody_of_the_role(office: Office, postbox: Postbox) -> None:
    for name, county in (("dora-director", "Alder"), ("dina-director", "Birch")):
        await office.enter(Actor(name, frozenset({"ROLE-12"}), frozenset({county})))
    await office.hear(escalated(county="", report_id=None))
    assert await office.send() == 2
    assert {address for address, _ in postbox.letters} == {
        f"{each}-director@agency.example" for each in ("dora", "dina")
    }


async def test_who_is_told_in_person_is_not_written_to_as_one_of_the_role_too(office: Office, postbox: Postbox) -> None:
    second = Actor("sue-supervisor", frozenset({"ROLE-03"}), frozenset({"Alder"}))
    await office.enter(second)
    await office.hear(missed(worker_id=None))
    await office.send()
    addresses = sorted(address for address, _ in postbox.letters)
    assert addresses == [f"{SUPERVISOR.id}@agency.example", f"{second.id}@agency.example"]


async def test_the_substitute_is_written_to_with_the_name_of_the_absent(office: Office, postbox: Postbox) -> None:
    otto = Actor("otto-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))
    await office.enter(otto)
    await office.enter(WORKER, absentFrom="2020-01-01", substituteId=otto.id)
    await office.hear(assigned())
    assert await office.send() == 2
    contents = {address: letter.get_payload() for address, letter in postbox.letters}
    assert f"Absent     {WORKER.id}: you stand in" in contents[f"{otto.id}@agency.example"]
    assert "you stand in" not in contents[f"{WORKER.id}@agency.example"]


async def test_the_letters_about_one_clock_keep_their_order_also_when_one_is_tried_again(
    office: Office, postbox: Postbox
) -> None:
    """One about another clock does not wait."""
    postbox.answers = ["451 try later"]
    other = derived("another clock")
    rungs = [warned(rung=1, title="first"), missed(title="second"), escalated(title="third", tells=("worker",))]
    only = [each.model_copy(update={"tells": ("worker",)}) for each in rungs]
    await office.hear(*only, warned(clock_id=other, tells=("worker",), title="other"))
    assert await office.send() == 2
    assert [row["clock_id"] for row in await office.deliveries(state="sent")] == [other]
    office.clock.advance(MAIL[0])
    assert await office.send() == 3
    titles = [str(letter["Subject"]).rpartition(": ")[2] for _, letter in postbox.letters]
    assert titles == ["other", "first", "second", "third"]
    assert len(await office.deliveries(clock_id=CLOCK, state="sent")) == 3


async def test_a_server_that_is_busy_is_tried_again_later(office: Office, postbox: Postbox) -> None:
    postbox.answers = ["451 try later"]
    await office.hear(assigned())
    assert await office.send() == 1
    (row,) = await office.deliveries()
    assert (row["state"], row["attempts"], row["last_status"]) == ("waiting", 1, 451)
    assert row["next_at"] == office.clock.now() + MAIL[0]
    office.clock.advance(MAIL[0])
    await office.send()
    (row,) = await office.deliveries()
    assert (row["state"], row["attempts"], len(postbox.letters)) == ("sent", 2, 1)


async def test_after_the_last_attempt_it_has_failed_for_all_to_see(office: Office, postbox: Postbox) -> None:
    postbox.answers = ["451 try later"] * 20
    await office.hear(assigned())
    for _ in range(len(MAIL) + 3):
        await office.send()
        office.clock.advance(timedelta(days=1))
    assert len(postbox.answers) == 20 - len(MAIL) - 1
    (shown,) = (await office.get(ADMINISTRATOR, "/deliveries?state=failed"))["items"]
    assert (shown["staffId"], shown["attempts"], shown["lastStatus"]) == (WORKER.id, len(MAIL) + 1, 451)
    assert (await office.get(SUPERVISOR, "/deliveries?state=failed"))["items"] == [shown]
    assert (await office.get(WORKER, "/deliveries"))["items"] == []


async def test_a_mailbox_that_does_not_exist_is_not_tried_again(office: Office, postbox: Postbox) -> None:
    postbox.refused_addresses = {f"{WORKER.id}@agency.example"}
    await office.hear(assigned())
    await office.send()
    (row,) = await office.deliveries()
    assert (row["state"], row["last_status"], row["last_error"]) == ("failed", 550, "SMTPRecipientsRefused")


async def test_a_crash_after_the_server_accepted_sends_the_same_message_id_again(
    office: Office, postbox: Postbox, database: str
) -> None:
    """The connection dies between the mail server's answer and our commit."""

    def crash() -> None:
        postbox.accepted = lambda: None
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'hearthline_notifications' and state = 'idle in transaction'"
            )

    await office.hear(assigned())
    postbox.accepted = crash
    with pytest.raises(Exception, match=r"terminat|closed"):
        await office.send()
    assert [row["state"] for row in await office.deliveries()] == ["waiting"]
    assert await office.send() == 1
    first, second = postbox.letters
    assert first[1]["Message-ID"] == second[1]["Message-ID"]
    assert first[1].as_bytes() == second[1].as_bytes()
    assert [row["state"] for row in await office.deliveries()] == ["sent"]
    assert await office.send() == 0


async def test_two_senders_at_once_send_once(office: Office, postbox: Postbox) -> None:
    await office.hear(*(warned(title=f"duty {number}") for number in range(6)))
    attempts = await asyncio.gather(*(office.send() for _ in range(3)))
    assert sum(attempts) == len(postbox.letters) == 12


async def test_a_rebuilt_inbox_sends_nothing_again(office: Office, postbox: Postbox, database: str) -> None:
    await office.hear(missed())
    await office.send()
    for model in SERVICE.read_models:
        done = await rebuild(database, SERVICE, model)
        assert (done.differing, done.swapped) == ((), True)
    assert await office.send() == 0
    assert len(postbox.letters) == 2


async def test_who_has_left_meanwhile_is_not_written_to(office: Office, postbox: Postbox) -> None:
    await office.hear(assigned())
    await office.enter(WORKER, active=False)
    await office.send()
    (row,) = await office.deliveries()
    assert (row["state"], postbox.letters) == ("cancelled", [])


async def test_a_server_without_encryption_is_not_trusted(database: str, tmp_path: Path, postbox: Postbox) -> None:
    settings = smtp(postbox) | {"notifications_smtp_starttls": True}
    async with opened(database, tmp_path, **settings) as office:
        await office.enter(WORKER)
        await office.hear(assigned())
        await office.send()
        (row,) = await office.deliveries()
        assert (row["state"], row["attempts"], postbox.letters) == ("waiting", 1, [])


async def test_without_a_mail_server_nothing_is_queued(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as office:
        await office.enter(WORKER)
        await office.hear(assigned())
        assert await office.deliveries() == []
        await send_mail(office.runtime)


async def test_the_loop_sends_by_itself_and_stops_when_told(office: Office, postbox: Postbox) -> None:
    loop = asyncio.create_task(send_mail(office.runtime))
    await office.hear(assigned())

    async def sent() -> list[Any]:
        return await office.deliveries(state="sent")

    await eventually(sent)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert len(postbox.letters) == 1
