"""The AsyncAPI 3 document of all topics: a channel for each, and each public event as a CloudEvent on Kafka."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import PurePath
from typing import Any

from events.event import PublicEvent
from events.schemas import FORMATS, UUID_EXAMPLE, Schema

KAFKA_BINDING = "0.5.0"
TEXT: Schema = {"type": "string", "minLength": 1}
TIME: Schema = {"type": "string", "format": "date-time", "examples": [FORMATS["date-time"]]}
ID: Schema = {"type": "string", "format": "uuid", "examples": [UUID_EXAMPLE]}
REQUIRED = ("id", "source", "specversion", "type", "subject", "time", "recordedat", "correlationid", "partitionkey")
ATTRIBUTES: dict[str, Schema] = {
    "id": {**ID, "description": "Of this message. The same id again is the same message again."},
    "source": {**TEXT, "description": "The service that announced it, such as /hearthline/intake."},
    "specversion": {"const": "1.0"},
    "type": {**TEXT, "description": "Topic, name and version of the event."},
    "subject": {**TEXT, "description": "What the event is about: the value of its key field."},
    "time": {**TIME, "description": "When it happened."},
    "recordedat": {**TIME, "description": "When the agency learned of it: later than it happened, if entered late."},
    "correlationid": {**ID, "description": "Shared by everything that one request or message led to."},
    "causationid": {**ID, "description": "The message that led to this one, if one did."},
    "traceparent": {**TEXT, "description": "W3C trace context."},
    "partitionkey": {**TEXT, "description": "The key of the record."},
    "sequence": {"type": "string", "pattern": "^[0-9]+$", "description": "Grows within one topic and key."},
}


def asyncapi(events: Iterable[type[PublicEvent]], path_of: Callable[[type[PublicEvent]], PurePath]) -> dict[str, Any]:
    """The document. Payloads are referred to as `path_of(event)`, relative to the document."""
    by_topic = {topic: tuple(found) for topic, found in groupby(events, key=lambda event: event.topic)}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:hearthline",
        "info": {
            "title": "Hearthline public events",
            "version": "1.0.0",
            "description": "What each service announces. Thin, versioned, additive, free of confidential fields.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, found) for topic, found in by_topic.items()},
        "operations": {f"{topic}-announces": _operation(topic, found) for topic, found in by_topic.items()},
        "components": {
            "schemas": {"CloudEventHeaders": _headers()},
            "messages": {
                event.event_type: _message(event, path_of(event)) for found in by_topic.values() for event in found
            },
        },
    }


def _channel(topic: str, events: Iterable[type[PublicEvent]]) -> dict[str, Any]:
    return {
        "address": topic,
        "title": f"What {topic} announces",
        "messages": {_short(event): {"$ref": f"#/components/messages/{event.event_type}"} for event in events},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": KAFKA_BINDING}},
    }


def _operation(topic: str, events: Iterable[type[PublicEvent]]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": f"The {topic} service sends what it announces, at least once, in order for each key.",
        "messages": [{"$ref": f"#/channels/{topic}/messages/{_short(event)}"} for event in events],
    }


def _message(event: type[PublicEvent], path: PurePath) -> dict[str, Any]:
    own = {"properties": {"ce_type": {"const": event.event_type}, "ce_source": {"const": f"/hearthline/{event.topic}"}}}
    return {
        "name": event.event_type,
        "title": f"{event.__name__} v{event.contract_version}",
        "summary": event.__doc__ or "",
        "contentType": "application/json",
        "headers": {"type": "object", "allOf": [{"$ref": "#/components/schemas/CloudEventHeaders"}, own]},
        "payload": {"$ref": f"./{path.as_posix()}"},
        "bindings": {"kafka": {"key": _key(event), "bindingVersion": KAFKA_BINDING}},
    }


def _key(event: type[PublicEvent]) -> Schema:
    field = event.model_fields[event.key_field].serialization_alias
    return {"type": "string", "description": f"The field `{field}` of the payload."}


def _headers() -> Schema:
    named = {f"ce_{name}": schema for name, schema in ATTRIBUTES.items()}
    return {
        "type": "object",
        "description": "CloudEvents 1.0 on Kafka, binary mode.",
        "properties": {**named, "content-type": {"const": "application/json"}},
        "required": [*(f"ce_{name}" for name in REQUIRED), "ce_sequence", "content-type"],
    }


def _short(event: type[PublicEvent]) -> str:
    return f"{event.__name__}.v{event.contract_version}"
