"""A second small service for the kernel's own tests: it writes down every public event of the sample that it hears."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Column, Integer, MetaData, Table, Uuid
from tests.sample import NoteChanged, NoteTaken

from events.decider import Decider, Rejected
from events.event import Event
from events.reaction import Do, Received, Subscription
from events.read_model import ReadModel, Row
from events.recorded import Recorded
from events.registry import Registry
from events.service import Service


class Heard(Event, name="echo.heard", version=1):
    number: int


@dataclass(frozen=True)
class Hear:
    """Note that this number was heard; a county named Nowhere is refused by the rules."""

    number: int
    county: str = ""


@dataclass(frozen=True)
class Echo:
    heard: tuple[int, ...] = ()


def decide(command: Hear, echo: Echo) -> list[Event]:
    if command.county == "Nowhere":
        raise Rejected("county-unknown")
    return [Heard(number=command.number)]


def evolve(echo: Echo, event: Event) -> Echo:
    assert isinstance(event, Heard)
    return replace(echo, heard=(*echo.heard, event.number))


NOISE: Decider[Hear, Echo, Event] = Decider("echo", decide, evolve, initial=Echo())


def react(fact: Received) -> Iterable[Do]:
    match fact.event:
        case NoteTaken(note_id=note_id, county=county):
            yield Do(NOISE, note_id, Hear(0, county))
        case NoteChanged(note_id=note_id, number=number):
            yield Do(NOISE, note_id, Hear(number))


ECHOES = Table(
    "echoes",
    MetaData(),
    Column("note_id", Uuid, primary_key=True),
    Column("heard", Integer, nullable=False),
)


def fold(row: Row | None, recorded: Recorded[Any], key: UUID) -> Row:
    return {"note_id": key, "heard": (row or {"heard": 0})["heard"] + 1}


ECHO = Service(
    name="echo",
    registry=Registry.of(Heard),
    announce=lambda recorded: [],
    read_models=(ReadModel(ECHOES, version=1, fold=fold),),
    routes=lambda runtime: APIRouter(),
    subscriptions=(Subscription("sample", (NoteTaken, NoteChanged), react=react),),
)
