"""Tables as CSV over HTTP: streamed by a cursor of the database, so that a long one takes no memory."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Literal

from fastapi.responses import StreamingResponse
from sqlalchemy import Select

from deadlines.csv_text import head, lines
from events.authority import Reach, Subject
from events.call import Caller
from events.runtime import Runtime

TOGETHER = 1000
Format = Literal["json", "csv"]
IN_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows; as CSV where it is asked for",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
Row = Mapping[str, Any]


def asks_for_csv(call: Caller, format: Format | None) -> bool:
    """By the parameter, else by the Accept header."""
    return format == "csv" if format else "text/csv" in call.request.headers.get("accept", "")


def exporting(call: Caller) -> Reach:
    """How far the caller may export. Raises Rejected (403) when nowhere."""
    reach = call.reach("clock.export")
    if reach.closed:
        call.require("clock.export", Subject())
    return reach


def csv_answer(
    runtime: Runtime, rows: Select[Any], columns: Sequence[str], name: str, told: Callable[[Row], Row] = lambda row: row
) -> StreamingResponse:
    """The rows as a file of this name; `told` makes of a row what is shown."""
    return StreamingResponse(
        _streamed(runtime, rows, columns, told),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _streamed(
    runtime: Runtime, rows: Select[Any], columns: Sequence[str], told: Callable[[Row], Row]
) -> AsyncIterator[str]:
    yield head(columns)
    async with runtime.engine.connect() as connection:
        result = await connection.stream(rows, execution_options={"yield_per": TOGETHER})
        async for part in result.mappings().partitions(TOGETHER):
            yield lines(map(told, part), columns)
