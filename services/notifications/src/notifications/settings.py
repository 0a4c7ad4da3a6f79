"""Settings of the notifications service: the mail server, the link in mails, and where webhooks may go."""

from pydantic import Field, SecretStr

from events.settings import ServiceSettings


class NotificationsSettings(ServiceSettings):
    """Without a mail server nothing is mailed; inbox and webhooks work without one."""

    notifications_smtp_host: str | None = Field(None, description="mail server; empty: no e-mail")
    notifications_smtp_port: int = Field(587, ge=1, le=65535)
    notifications_smtp_username: str | None = None
    notifications_smtp_password: SecretStr | None = None
    notifications_smtp_starttls: bool = Field(True, description="refuse to send without encryption")
    notifications_smtp_sender: str = Field(
        "hearthline@localhost.localdomain", pattern=r"^[^@\s<>]+@[^@\s<>]+$", description="who mails come from"
    )
    notifications_link: str | None = Field(
        None, pattern=r"^https?://\S+$", description="where staff open Hearthline; empty: host and port of this process"
    )
    notifications_webhook_allow_private: bool = Field(
        False, description="also call http and private addresses; only for a local run"
    )

    @property
    def link(self) -> str:
        """Where staff open Hearthline."""
        return (self.notifications_link or f"http://{self.host}:{self.port}").rstrip("/")
