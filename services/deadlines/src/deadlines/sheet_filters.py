"""What lists of clocks can be narrowed by, once for every form in which they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import Select

from deadlines.read_models import CLOCKS
from events.bodies import Instant, Line

State = Literal["running", "suspended", "missed", "met", "met-late", "cancelled", "waived"]


@dataclass(frozen=True)
class SheetFilters:
    """The clocks that a list is about; None stands for all."""

    state: tuple[State, ...] = ()
    scope: str | None = None
    report_id: UUID | None = None
    subject_id: str | None = None
    worker_id: str | None = None
    supervisor_id: str | None = None
    county: str | None = None
    region: str | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None

    def narrowed(self, clocks: Select[Any]) -> Select[Any]:
        """Only the clocks that are wanted."""
        for name in ("scope", "report_id", "subject_id", "worker_id", "supervisor_id", "county", "region"):
            value = getattr(self, name)
            clocks = clocks.where(CLOCKS.c[name] == value) if value is not None else clocks
        clocks = clocks.where(CLOCKS.c.state.in_(self.state)) if self.state else clocks
        clocks = clocks.where(CLOCKS.c.due_at >= self.due_after) if self.due_after else clocks
        return clocks.where(CLOCKS.c.due_at < self.due_before) if self.due_before else clocks


def sheet_filters(
    state: Annotated[list[State] | None, Query()] = None,
    scope: Line | None = None,
    report_id: Annotated[UUID | None, Query(alias="reportId")] = None,
    subject_id: Annotated[Line | None, Query(alias="subjectId")] = None,
    worker_id: Annotated[Line | None, Query(alias="workerId")] = None,
    supervisor_id: Annotated[Line | None, Query(alias="supervisorId", description="the supervisor's unit")] = None,
    county: Line | None = None,
    region: Line | None = None,
    due_after: Annotated[Instant | None, Query(alias="dueAfter")] = None,
    due_before: Annotated[Instant | None, Query(alias="dueBefore")] = None,
) -> SheetFilters:
    """The filters of a request."""
    return SheetFilters(
        tuple(state or ()),
        scope,
        report_id,
        subject_id,
        worker_id,
        supervisor_id,
        county,
        region,
        due_after,
        due_before,
    )


Filters = Annotated[SheetFilters, Depends(sheet_filters)]
