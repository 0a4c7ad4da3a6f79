"""E-mail over SMTP: one attempt to send one notice to one member of staff."""

import asyncio
from typing import Any

import aiosmtplib

from events.runtime import Runtime
from notifications.outcome import Outcome
from notifications.settings import NotificationsSettings

NOTICE = """
select inbox.*, directory.email, directory.active from inbox, directory
where notice_id = $1 and directory.staff_id = $2
"""
SECONDS, SECONDS_IN_ALL = 10.0, 20.0


async def send(runtime: Runtime, connection: Any, delivery: Any) -> Outcome:
    """Send to the address that the directory names now; nobody who has left is written to."""
    row = await connection.fetchrow(NOTICE, delivery["source_id"], delivery["staff_id"])
    if row is None or not row["active"] or row["email"] is None:
        return Outcome("cancelled", error="no-mailbox")
    settings: NotificationsSettings = runtime.settings
    password = settings.notifications_smtp_password
    try:
        async with asyncio.timeout(SECONDS_IN_ALL):
            await aiosmtplib.send(
                runtime.own.message(row, row["email"], delivery["delivery_id"]),
                hostname=settings.notifications_smtp_host,
                port=settings.notifications_smtp_port,
                username=settings.notifications_smtp_username,
                password=password.get_secret_value() if password else None,
                start_tls=settings.notifications_smtp_starttls,
                timeout=SECONDS,
            )
    except (aiosmtplib.SMTPException, OSError) as error:
        return _refused(error)
    return Outcome("sent", 250)


def _refused(error: Exception) -> Outcome:
    """A recipient or a content that the server refuses for good is not tried again; everything else is."""
    name = type(error).__name__
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [each.code for each in error.recipients]
        return Outcome("failed" if min(codes) >= 500 else "again", codes[0], name)
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
    final = isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500
    return Outcome("failed" if final else "again", code, name)
