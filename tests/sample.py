"""A small service for the kernel's own tests: notes about people, written, amended and closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Table, Text, Uuid, select

from events.authority import Subject
from events.call import Answer, Call
from events.decider import Decider, Rejected
from events.event import Event, PublicEvent
from events.private import Private
from events.read_model import ReadModel, Row
from events.recorded import Recorded
from events.registry import Registry
from events.runtime import Runtime
from events.service import Service


class NoteWritten(Event, name="sample.note-written", version=1):
    note_id: UUID
    county: str
    text: Private[str] | None = None


class NoteAmended(Event, name="sample.note-amended", version=1):
    number: int


class NoteClosed(Event, name="sample.note-closed", version=1):
    pass


class NoteTaken(PublicEvent, topic="sample", key="note_id"):
    note_id: UUID
    county: str


class NoteChanged(PublicEvent, topic="sample", key="note_id"):
    note_id: UUID
    number: int


@dataclass(frozen=True)
class Note:
    note_id: UUID | None = None
    county: str = ""
    amended: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Write:
    note_id: UUID
    county: str
    text: Private[str] | None = None


@dataclass(frozen=True)
class Amend:
    times: int = 1


@dataclass(frozen=True)
class Close:
    pass


@dataclass(frozen=True)
class Break:
    pass


def decide(command: Write | Amend | Close | Break, note: Note) -> list[Event]:
    match command:
        case Write():
            if note.note_id:
                raise Rejected("note-exists")
            return [NoteWritten(note_id=command.note_id, county=command.county, text=command.text)]
        case Amend():
            if note.closed:
                raise Rejected("note-closed", rule="R-TEST-001", source="000:1")
            return [NoteAmended(number=note.amended + 1 + step) for step in range(command.times)]
        case Close():
            return [] if note.closed else [NoteClosed()]
        case Break():
            raise RuntimeError("a fault in a rule")
        case _:
            assert_never(command)


def evolve(note: Note, event: Event) -> Note:
    match event:
        case NoteWritten():
            return replace(note, note_id=event.note_id, county=event.county)
        case NoteAmended():
            return replace(note, amended=event.number)
        case NoteClosed():
            return replace(note, closed=True)
        case _:
            raise AssertionError(event)


NOTE: Decider[Any, Note, Event] = Decider("note", decide, evolve, initial=Note())
REGISTRY = Registry.of(NoteWritten | NoteAmended | NoteClosed)


def announce(recorded: Recorded[Any]) -> Sequence[PublicEvent]:
    match recorded.event:
        case NoteWritten(note_id=note_id, county=county):
            return [NoteTaken(note_id=note_id, county=county)]
        case NoteAmended(number=number):
            return [NoteChanged(note_id=recorded.key, number=number)]
        case _:
            return []


NOTES = Table(
    "notes",
    MetaData(),
    Column("note_id", Uuid, primary_key=True),
    Column("county", Text, nullable=False),
    Column("amended", Integer, nullable=False),
    Column("state", Text, nullable=False),
)


def fold(row: Row | None, recorded: Recorded[Any], key: Any) -> Row | None:
    match recorded.event:
        case NoteWritten(county=county):
            return {"note_id": key, "county": county, "amended": 0, "state": "open"}
        case NoteAmended(number=number):
            return (row or {}) | {"amended": number}
        case _:
            return (row or {}) | {"state": "closed"}


class NoteBody(BaseModel):
    county: str
    person: UUID | None = None
    text: str | None = None


def routes(runtime: Runtime) -> APIRouter:
    router = APIRouter()

    @router.put("/notes/{note_id}", status_code=200, responses={201: {"model": Answer}})
    async def write(note_id: UUID, body: NoteBody, call: Call) -> Answer:
        text = Private[str](body.person, body.text) if body.person and body.text else None
        command = Write(note_id, body.county, text)
        return await call.handle(
            NOTE, note_id, command, action="report.receive", subject=lambda _: Subject(county=body.county), create=True
        )

    @router.post("/notes/{note_id}/amendment")
    async def amend(note_id: UUID, call: Call) -> Answer:
        return await call.handle(
            NOTE, note_id, Amend(), action="report.screen", subject=lambda note: Subject(county=note.county)
        )

    @router.post("/notes/{note_id}/closing")
    async def close(note_id: UUID, call: Call) -> Answer:
        return await call.handle(
            NOTE, note_id, Close(), action="report.screen", subject=lambda note: Subject(county=note.county)
        )

    @router.post("/notes/{note_id}/breaking")
    async def breaking(note_id: UUID, call: Call) -> Answer:
        return await call.handle(
            NOTE, note_id, Break(), action="report.screen", subject=lambda note: Subject(county=note.county)
        )

    @router.get("/notes/{note_id}")
    async def note(note_id: UUID, call: Call) -> dict[str, Any]:
        call.require("report.receive", Subject())
        rows = await runtime.rows(select(NOTES).where(NOTES.c.note_id == note_id))
        if not rows:
            raise Rejected("note-not-found", status=404)
        return dict(rows[0])

    @router.get("/notes/{note_id}/confidential")
    async def confidential(note_id: UUID, call: Call) -> dict[str, Any]:
        history = await runtime.stream(NOTE.stream(note_id))
        note = NOTE.fold(fact.event for fact in history)
        call.require("report.read-confidential", Subject(county=note.county))
        opened = await call.reveal(
            [fact.event for fact in history[:1]], action="report.read-confidential", subject=f"note-{note_id}"
        )
        text = opened[0].text  # type: ignore[attr-defined]
        return {"text": text.value, "erased": text.erased}

    return router


NOTES_MODEL = ReadModel(NOTES, version=1, fold=fold)
SAMPLE = Service(name="sample", registry=REGISTRY, announce=announce, read_models=(NOTES_MODEL,), routes=routes)
