"""Hotline software may push a report as a CloudEvent 1.0, structured or binary; source and id name the report for ever."""

from datetime import datetime
from typing import Annotated, Any, Literal, NoReturn
from urllib.parse import unquote
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.authority import Subject
from events.bodies import Instant
from events.call import Answer, Call
from events.decider import Rejected
from events.ids import derived
from intake.acting import acts, policy
from intake.bodies.reports import ReportBody
from intake.commands import ReceiveReport
from intake.report import DECIDER

STRUCTURED = "application/cloudevents+json"
TYPE = "org.hearthline.intake.report.v1"
Name = Annotated[str, Field(min_length=1, max_length=500)]


class Pushed(BaseModel):
    """The attributes that matter here; extensions are accepted and ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    specversion: Literal["1.0"]
    id: Name
    source: Name
    type: Literal["org.hearthline.intake.report.v1"]
    time: Instant | None = None
    data: ReportBody

    @property
    def report_id(self) -> UUID:
        """The id of the report that this event stands for."""
        return derived("cloudevent", self.source, self.id)

    @property
    def report(self) -> ReportBody:
        """The report; the event's own time is that of the call when the report gives none."""
        called: datetime | None = self.data.received_at or self.time
        return self.data.model_copy(update={"received_at": called})


REPORT: dict[str, Any] = {"$ref": "#/components/schemas/ReportBody"}
NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 500}
ATTRIBUTES: dict[str, Any] = {
    "specversion": {"const": "1.0"},
    "id": NAME,
    "source": NAME,
    "type": {"const": TYPE},
    "time": {"type": "string", "format": "date-time"},
}
EVENT: dict[str, Any] = {
    "type": "object",
    "description": f"a CloudEvent of type {TYPE}",
    "properties": ATTRIBUTES | {"data": REPORT},
    "required": ["specversion", "id", "source", "type", "data"],
}
DOCUMENTED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {STRUCTURED: {"schema": EVENT}, "application/json": {"schema": REPORT}},
    },
    "parameters": [
        {"name": f"ce-{name}", "in": "header", "schema": schema, "description": "in binary mode, percent-encoded"}
        for name, schema in ATTRIBUTES.items()
    ],
}


def routes(router: APIRouter) -> None:
    """Add the entrance for hotline software."""

    @router.post("/cloudevents", tags=["reports"], openapi_extra=DOCUMENTED)
    async def push_report(request: Request, call: Call) -> Answer:
        """Enter a report pushed as a CloudEvent. The same event again gives the same answer."""
        pushed = read(dict(request.headers), await request.body())
        call.key = f"cloudevent {pushed.report_id}"
        content = pushed.report.content(pushed.report_id, call.runtime.vault.token)
        organisation = call.actor.organisation
        command = ReceiveReport(pushed.report_id, content, organisation, policy(call).tolerance, **acts(call))
        subject = Subject(county=content.county, organisation=organisation)
        return await call.handle(DECIDER, pushed.report_id, command, action="report.receive", subject=lambda _: subject)


def read(headers: dict[str, str], body: bytes) -> Pushed:
    """The CloudEvent of a request, in either mode. Raises Rejected for anything else."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == STRUCTURED:
        return _pushed(_json(body))
    if "ce-specversion" not in headers or kind != "application/json":
        raise Rejected(
            "cloudevent-expected",
            f"send {STRUCTURED}, or application/json with ce- headers",
            source="CloudEvents 1.0, HTTP binding",
            status=415,
        )
    attributes = {name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}
    return _pushed(attributes | {"data": _json(body)})


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        _refuse("the body is not JSON", "body")


def _pushed(content: Any) -> Pushed:
    try:
        return Pushed.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        _refuse(first["msg"], ".".join(map(str, first["loc"])))


def _refuse(detail: str, field: str) -> NoReturn:
    raise Rejected("cloudevent-invalid", detail, field=field, source="CloudEvents 1.0", status=422)
