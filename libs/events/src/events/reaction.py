"""What a service does about another service's public events: pure reactions, or a handler with tables of its own."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from events.decider import Decider
from events.event import PublicEvent
from events.message import Message

if TYPE_CHECKING:
    from events.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Received:
    """A public event as it arrived, with what its envelope says."""

    event: PublicEvent
    id: UUID
    occurred_at: datetime
    recorded_at: datetime
    correlation_id: UUID
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """What a reaction asks for: this command to the stream of this key."""

    decider: Decider[Any, Any, Any]
    key: UUID
    command: Any


@dataclass(frozen=True)
class Subscription:
    """Which public events of a topic a service takes, and what it does about each.

    `react` is pure. `handle` is for consumers that keep tables of their own: it works inside the transaction that also
    advances the position, so that effect and position commit together.
    """

    topic: str
    events: tuple[type[PublicEvent], ...]
    react: Callable[[Received], Iterable[Do]] | None = None
    handle: Callable[["Transaction", Sequence[Received]], Awaitable[None]] | None = None

    def received(self, message: Message) -> Received | None:
        """The message as one of this subscription's events; None for a type it does not take. Raises ValidationError."""
        for event in self.events:
            if event.event_type == message.type:
                attributes = message.attributes
                return Received(
                    event.from_json(message.data),
                    UUID(attributes["id"]),
                    datetime.fromisoformat(attributes["time"]),
                    datetime.fromisoformat(attributes["recordedat"]),
                    UUID(attributes["correlationid"]),
                    attributes.get("traceparent"),
                )
        return None
