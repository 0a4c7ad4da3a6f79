"""OpenTelemetry traces from request through message to effect, by hand on the few edges that matter."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{2})")
PROPAGATOR = TraceContextTextMapPropagator()


class Tracing:
    """The tracer of one service. Without an exporter spans are still made, so that `traceparent` is carried through."""

    def __init__(
        self, service: str, ratio: float, endpoint: str | None = None, exporter: SpanExporter | None = None
    ) -> None:
        self.ratio = ratio
        self.provider = TracerProvider(
            resource=Resource.create({"service.name": f"hearthline-{service}"}),
            sampler=ALWAYS_ON,
            shutdown_on_exit=False,
        )
        if endpoint and exporter is None:
            exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        if exporter:
            self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self.provider.get_tracer("hearthline")

    def wanted(self, traceparent: str | None) -> bool:
        """Whether to trace: as whoever began the trace decided, else by the ratio. Deciding here, not in the SDK's sampler,
        makes what is not traced cost nothing."""
        if traceparent and (given := TRACEPARENT.fullmatch(traceparent)):
            return int(given.group(1), 16) & 1 == 1
        return random.random() < self.ratio  # noqa: S311 (a share, not a secret)

    @contextmanager
    def follow(self, traceparent: str | None, name: str) -> Iterator[str | None]:
        """A span under the trace of `traceparent`, where one is wanted; yields the traceparent to hand on."""
        if not self.wanted(traceparent):
            yield traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else None
            return
        parent = PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
        with self.tracer.start_as_current_span(name, context=parent) as span:
            yield outgoing(span)

    def close(self) -> None:
        """Send what is left."""
        self.provider.shutdown()


def outgoing(span: trace.Span) -> str | None:
    """The traceparent of a span (W3C Trace Context), None when it has none; written by hand, for it is on the hot path."""
    context = span.get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
