"""OpenTelemetry traces from request through message to effect, by hand on the few edges that matter."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

PROPAGATOR = TraceContextTextMapPropagator()


class Tracing:
    """The tracer of one service. Without an exporter spans are still made, so that `traceparent` is carried through."""

    def __init__(
        self, service: str, ratio: float, endpoint: str | None = None, exporter: SpanExporter | None = None
    ) -> None:
        self.provider = TracerProvider(
            resource=Resource.create({"service.name": f"hearthline-{service}"}),
            sampler=ParentBased(TraceIdRatioBased(ratio)),
            shutdown_on_exit=False,
        )
        if endpoint and exporter is None:
            exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        if exporter:
            self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self.provider.get_tracer("hearthline")

    @contextmanager
    def follow(self, traceparent: str | None, name: str) -> Iterator[str | None]:
        """A span under the trace of `traceparent`; yields the traceparent to hand on."""
        parent = PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
        with self.tracer.start_as_current_span(name, context=parent) as span:
            yield outgoing(span)

    def close(self) -> None:
        """Send what is left."""
        self.provider.shutdown()


def outgoing(span: trace.Span) -> str | None:
    """The traceparent of a span, None when it has none."""
    carrier: MutableMapping[str, Any] = {}
    PROPAGATOR.inject(carrier, context=trace.set_span_in_context(span))
    return carrier.get("traceparent")


def current() -> str | None:
    """The traceparent of the span at hand."""
    return outgoing(trace.get_current_span())
