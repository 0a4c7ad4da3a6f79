"""Prometheus metrics of a service: requests, commands, relay and consumer lag in events and in seconds, parked keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from events.message import Message

REGISTRY = CollectorRegistry()
REQUESTS = Histogram("hearthline_request_seconds", "HTTP requests", ["service", "method", "status"], registry=REGISTRY)
RELAYED = Counter("hearthline_relayed_events", "public events published", ["service"], registry=REGISTRY)
RELAY_DELAY = Gauge(
    "hearthline_relay_delay_seconds", "from recording to publishing, last batch", ["service"], registry=REGISTRY
)
CONSUMED = Counter("hearthline_consumed_messages", "messages taken effect", ["service", "topic"], registry=REGISTRY)
CONSUME_DELAY = Gauge(
    "hearthline_consume_delay_seconds", "from recording to effect, last batch", ["service", "topic"], registry=REGISTRY
)
PARKED = Gauge("hearthline_parked_messages", "messages waiting for repair", ["service"], registry=REGISTRY)
UNRELAYED = Gauge("hearthline_unrelayed_positions", "log positions not yet published", ["service"], registry=REGISTRY)
OLDEST_TRANSACTION = Gauge(
    "hearthline_oldest_transaction_seconds", "age of the oldest open transaction", ["service"], registry=REGISTRY
)

STATE = """
select (select count(*) from parked where state = 'parked') as parked,
       (select coalesce(max(position), 0) from events) - (select position from relayed) as unrelayed,
       (select coalesce(extract(epoch from max(now() - xact_start)), 0) from pg_stat_activity
         where datname = current_database() and usename = current_user) as oldest
"""


class Metrics:
    """The metrics of one service, by its name."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._requests: dict[tuple[str, int], Histogram] = {}  # looking a label up costs more than observing

    def requested(self, method: str, status: int, seconds: float) -> None:
        """One HTTP request was answered."""
        known = self._requests.get((method, status))
        if known is None:
            known = self._requests[method, status] = REQUESTS.labels(self.service, method, str(status))
        known.observe(seconds)

    def relayed(self, now: datetime, messages: Sequence[Message]) -> None:
        """One batch was published."""
        if messages:
            RELAYED.labels(self.service).inc(len(messages))
            delay = now - datetime.fromisoformat(messages[-1].attributes["recordedat"])
            RELAY_DELAY.labels(self.service).set(delay.total_seconds())

    def consumed(self, topic: str, now: datetime, messages: Sequence[Message]) -> None:
        """One batch took effect."""
        if messages:
            CONSUMED.labels(self.service, topic).inc(len(messages))
            if recorded_at := messages[-1].attributes.get("recordedat"):
                delay = now - datetime.fromisoformat(recorded_at)
                CONSUME_DELAY.labels(self.service, topic).set(delay.total_seconds())

    async def look(self, pool: Any) -> None:
        """Read the gauges that live in the database."""
        row = await pool.fetchrow(STATE)
        PARKED.labels(self.service).set(row["parked"])
        UNRELAYED.labels(self.service).set(row["unrelayed"])
        OLDEST_TRANSACTION.labels(self.service).set(float(row["oldest"]))
