"""A real mail server that keeps what it accepts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.system.processes import free_ports


@dataclass
class Mailbox:
    """What was mailed, in the order of arrival."""

    port: int
    raw: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accept one message."""
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        return "250 accepted"

    @property
    def messages(self) -> list[Message]:
        """The messages, parsed."""
        return [message_from_bytes(each, policy=default) for each in list(self.raw)]

    def ids(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(each["Message-ID"]) for each in self.messages)

    def subjects(self, address: str) -> list[str]:
        """The subjects of what was mailed to this address."""
        return [str(each["Subject"]) for each in self.messages if each["To"] == address]

    @property
    def settings(self) -> dict[str, object]:
        """The settings under which a service mails here."""
        return {
            "notifications_smtp_host": "127.0.0.1",
            "notifications_smtp_port": self.port,
            "notifications_smtp_starttls": False,
            "notifications_smtp_sender": "hearthline@agency.example",
        }


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on the loopback interface."""
    (port,) = free_ports(1)
    box = Mailbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
