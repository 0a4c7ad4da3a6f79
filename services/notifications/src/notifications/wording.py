"""The words of an e-mail: rule words, times in the agency's time zone, ids and a link; never a private value."""

from collections.abc import Mapping
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from events.permissions import ROLES
from notifications.settings import NotificationsSettings


class Wording:
    """Turns a row of the inbox into a message. Templates are read once, so that a broken one stops the start."""

    def __init__(self, settings: NotificationsSettings) -> None:
        environment = Environment(
            loader=PackageLoader("notifications"), undefined=StrictUndefined, autoescape=select_autoescape()
        )
        self.subject, self.body = environment.get_template("subject.txt"), environment.get_template("body.txt")
        self.zone, self.link, self.sender = (
            ZoneInfo(settings.time_zone),
            settings.link,
            settings.notifications_smtp_sender,
        )

    def day(self, at: datetime) -> date:
        """The day that it is then where the agency is."""
        return at.astimezone(self.zone).date()

    def due(self, at: datetime | None) -> str:
        """A due time as staff read it, such as `Wednesday 4 March 2026, 09:00 CST`."""
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"

    def message(self, notice: Mapping[str, Any], to: str, delivery_id: UUID) -> EmailMessage:
        """The message to one address.

        The Message-ID follows from the delivery, which follows from the notice and the recipient. A crash after the
        mail server's answer and before our commit sends the message a second time; by this id the duplicate is known.
        """
        words = self._words(notice)
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to
        message["Subject"] = self.subject.render(words)
        message["Date"] = format_datetime(notice["raised_at"])
        message["Message-ID"] = f"<{delivery_id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Hearthline-Notice"] = str(notice["notice_id"])
        message.set_content(self.body.render(words))
        return message

    def _words(self, notice: Mapping[str, Any]) -> dict[str, Any]:
        place = notice["county"] or notice["region"] or "all counties"
        told = "you" if notice["staff_id"] else f"{ROLES.get(notice['role'], notice['role'])}, {place}"
        clock = notice if notice["clock_id"] else None
        return {**notice, "clock": clock, "due": self.due(notice["due_at"]), "told": told, "link": self.link}
