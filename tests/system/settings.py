"""The settings that the services of the system tests run under."""

import base64
from pathlib import Path
from typing import Any

from tests.system.installation import KEYS
from tests.system.mailbox import Mailbox

from events import database
from events.clock import FileClock
from events.service import Service

OWN: dict[str, dict[str, Any]] = {
    "deadlines": {"deadlines_sweep_seconds": 0.05, "deadlines_tolerance_minutes": 60},
    "notifications": {"notifications_webhook_allow_private": True, "notifications_link": "https://hearthline.example"},
}


def shared(directory: Path, clock: FileClock) -> dict[str, Any]:
    """What every process is told."""
    return {"data_directory": directory, "clock_file": clock.path, "trace_ratio": 0.0, "database_connections": 4}


def of_service(service: Service, url: str, port: int, mailbox: Mailbox) -> dict[str, Any]:
    """What one service in a process of its own is told, as in a cluster: its own role on the database, its own port."""
    mail = mailbox.settings if service.name == "notifications" else {}
    keys = base64.b64encode(KEYS).decode()
    own = {"database_url": database.as_role(url, service.role), "port": port, "master_keys": keys}
    return own | OWN.get(service.name, {}) | mail
