"""One trace from the request over the fact and the message to the effect in another service."""

from pathlib import Path

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.alive import Sent, alive
from tests.integration.events.echo import ECHO, NOISE
from tests.integration.events.http_client import Client, client
from tests.integration.events.test_consumer import batch
from tests.integration.events.test_relay import relay_once
from tests.sample import NOTE

from events.ids import uuid7
from events.tracing import Tracing

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"


async def test_a_trace_is_followed_from_the_request_to_the_effect(caller: Client, database: str) -> None:
    """Architecture, traces: traceparent in, the same trace in the fact, on the message, and in the consumer's facts."""
    key = await caller.write()
    answer = await caller("POST", f"/sample/notes/{key}/amendment", traceparent=GIVEN)
    _, fact = await caller.runtime.stream(NOTE.stream(key))
    assert answer.headers["traceparent"] == fact.meta["traceparent"] != GIVEN
    await relay_once(caller.runtime.relay)
    bus = caller.runtime.bus
    assert isinstance(bus, Sent)
    written, amended = bus.messages
    assert amended.attributes["traceparent"] == fact.meta["traceparent"]
    exporter = InMemorySpanExporter()
    async with alive(ECHO, database, bus=Sent(), tracing=Tracing("echo", 1, exporter=exporter)) as echo:
        await echo.consumer.handle(batch(0, [written, amended]))
        _, effect = await echo.stream(NOISE.stream(key))
        echo.tracer.provider.force_flush()
    for traceparent in (answer.headers["traceparent"], fact.meta["traceparent"], effect.meta["traceparent"]):
        assert traceparent.split("-")[1] == TRACE
    spans = [span for span in exporter.get_finished_spans() if format(span.context.trace_id, "032x") == TRACE]
    assert [span.name for span in spans] == ["react sample.NoteChanged.v1"]
    assert spans[0].parent is not None
    assert format(spans[0].parent.span_id, "016x") == fact.meta["traceparent"].split("-")[2]


async def test_a_request_without_a_trace_begins_one_of_its_own(database: str, tmp_path: Path) -> None:
    """Architecture, traces: a broken traceparent is as good as none."""
    async with client(database, tmp_path, trace_ratio=1.0) as caller:
        answers = [
            await caller("GET", "/sample/nothing"),
            await caller("GET", "/sample/nothing", traceparent="nonsense"),
        ]
    traces = {answer.headers["traceparent"].split("-")[1] for answer in answers}
    assert len(traces) == 2
    assert all(len(trace) == 32 for trace in traces)


async def test_a_request_that_is_not_traced_hands_on_nothing_that_is_no_trace(database: str, tmp_path: Path) -> None:
    """Architecture, traces: what a stranger puts into the header does not get into the facts."""
    async with client(database, tmp_path, trace_ratio=0.0) as caller:
        path = f"/sample/notes/{(key := uuid7())}"
        answer = await caller("PUT", path, json={"county": "Alder"}, traceparent="nonsense")
        (fact,) = await caller.runtime.stream(NOTE.stream(key))
    assert answer.status_code == 201
    assert "traceparent" not in answer.headers
    assert "traceparent" not in fact.meta
