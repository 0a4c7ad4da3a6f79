"""Another system that takes webhooks: it checks each signature and keeps what came."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.system.processes import free_ports


@dataclass
class Subscriber:
    """What one endpoint received: header fields and body of each call, in the order of arrival."""

    port: int
    calls: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def bodies(self, kind: str = "") -> list[dict[str, Any]]:
        """The payloads of this type."""
        told = [json.loads(body) for _, body in list(self.calls)]
        return [each for each in told if each["type"].startswith(kind)]


@contextmanager
def subscriber() -> Iterator[Subscriber]:
    """A subscriber on the loopback interface."""
    (port,) = free_ports(1)
    there = Subscriber(port)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            there.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
