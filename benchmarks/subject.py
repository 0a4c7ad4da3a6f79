"""What the benchmarks run: a small service with one kind of record, one read model and about 250 bytes an event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql

from events.authority import Subject
from events.call import Answer, Call
from events.decider import Decider, Rejected
from events.event import Event, PublicEvent
from events.read_model import ReadModel, Row
from events.recorded import Recorded
from events.registry import Registry
from events.runtime import Runtime
from events.service import Service

WORDS = "measured in the same run as its peer, on the same settings, with durable commits; " * 2


class OrderPlaced(Event, name="bench.order-placed", version=1):
    """A record begins."""

    county: str
    quantity: int
    words: str


class OrderChanged(Event, name="bench.order-changed", version=1):
    """A record changes."""

    quantity: int


class OrderAnnounced(PublicEvent, topic="bench", key="order_id"):
    """What is announced of both."""

    order_id: UUID
    quantity: int


@dataclass(frozen=True)
class Order:
    """The state."""

    placed: bool = False
    quantity: int = 0


@dataclass(frozen=True)
class Place:
    """Begin a record."""

    county: str
    quantity: int
    words: str = WORDS


@dataclass(frozen=True)
class Change:
    """Change a record."""

    quantity: int


def decide(command: Place | Change, order: Order) -> list[Event]:
    """The rules."""
    match command:
        case Place(county=county, quantity=quantity, words=words):
            if order.placed:
                raise Rejected("order-exists")
            return [OrderPlaced(county=county, quantity=quantity, words=words)]
        case Change(quantity=quantity):
            return [OrderChanged(quantity=quantity)]


def evolve(order: Order, event: Event) -> Order:
    """The memory."""
    match event:
        case OrderPlaced(quantity=quantity):
            return Order(True, quantity)
        case OrderChanged(quantity=quantity):
            return replace(order, quantity=quantity)
    raise AssertionError(event)


ORDER: Decider[Any, Order, Event] = Decider("order", decide, evolve, initial=Order())


def announce(recorded: Recorded[Any]) -> Sequence[PublicEvent]:
    """One announcement per event."""
    return [OrderAnnounced(order_id=recorded.key, quantity=recorded.event.quantity)]


ORDERS = Table(
    "orders",
    MetaData(),
    Column("order_id", postgresql.UUID(as_uuid=True), primary_key=True),
    Column("county", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
)


def fold(row: Row | None, recorded: Recorded[Any], key: Any) -> Row:
    """The row after one more event."""
    match recorded.event:
        case OrderPlaced(county=county, quantity=quantity):
            return {"order_id": key, "county": county, "quantity": quantity, "changes": 0}
        case event:
            assert row is not None
            return row | {"quantity": event.quantity, "changes": row["changes"] + 1}


class OrderBody(BaseModel):
    """The body of a request, as the peer takes it too."""

    county: str
    quantity: int
    words: str


def routes(runtime: Runtime) -> APIRouter:
    """One command."""
    router = APIRouter()

    @router.put("/orders/{order_id}", responses={201: {"model": Answer}})
    async def place(order_id: UUID, body: OrderBody, call: Call) -> Answer:
        return await call.handle(
            ORDER,
            order_id,
            Place(body.county, body.quantity, body.words),
            action="report.receive",
            subject=lambda _: Subject(county=body.county),
            create=True,
        )

    return router


MODEL = ReadModel(ORDERS, version=1, fold=fold)
SERVICE = Service(
    name="bench",
    registry=Registry.of(OrderPlaced | OrderChanged),
    announce=announce,
    read_models=(MODEL,),
    routes=routes,
)
