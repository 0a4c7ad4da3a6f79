"""The JSON Schema (2020-12) of a public event as it travels, and an example value of any schema of ours."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from events.event import PublicEvent

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UUID_EXAMPLE = "019a3f5e-7c00-7000-8000-000000000001"
FORMATS = {"uuid": UUID_EXAMPLE, "date": "2026-03-02", "date-time": "2026-03-02T14:05:00Z", "time": "14:05:00"}
NUMBERS = {"integer": 1, "number": 1.5}

Schema = dict[str, Any]


class AsItTravels(GenerateJsonSchema):
    """Absent instead of null, because an absent field is never written; no titles that only repeat the field's name."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            described.pop("default")
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_of(event: type[PublicEvent]) -> Schema:
    """The document of one public event and version, with its topic and its key."""
    body = event.model_json_schema(by_alias=True, schema_generator=AsItTravels)
    head = {
        "$schema": DIALECT,
        "$id": f"urn:hearthline:{event.event_type}",
        "title": event.__name__,
        "description": body.pop("description", ""),
        "x-event-type": event.event_type,
        "x-version": event.contract_version,
        "x-topic": event.topic,
        "x-key": event.model_fields[event.key_field].serialization_alias,
    }
    return {**head, **{key: value for key, value in body.items() if key not in head}, "examples": [example(body)]}


def example(schema: Schema, name: str = "text", definitions: Schema | None = None) -> Any:
    """One fixed value that fits `schema`, as full as the schema allows; `name` is the property it is for."""
    definitions = schema.get("$defs", definitions or {})
    if "$ref" in schema:
        return example(definitions[schema["$ref"].rsplit("/", 1)[-1]], name, definitions)
    for given in ("const", "default"):
        if given in schema and schema[given] not in (None, [], (), ""):
            return schema[given]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        present = next(branch for branch in schema["anyOf"] if branch.get("type") != "null")
        return example(present, name, definitions)
    return _of_type(schema, name, definitions)


def _of_type(schema: Schema, name: str, definitions: Schema) -> Any:
    match schema.get("type"):
        case "object" if schema.get("x-private"):
            return {"person": UUID_EXAMPLE, "sealed": "c2VhbGVkIHVuZGVyIHRoZSBrZXkgb2YgdGhpcyBwZXJzb24="}
        case "object":
            properties = schema.get("properties", {})
            return {key: example(value, key, definitions) for key, value in properties.items()}
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {})]
            return [example(item, name, definitions) for item in items]
        case "boolean":
            return True
        case "integer" | "number" as kind:
            return schema.get("minimum", NUMBERS[kind])
        case _:
            return FORMATS.get(schema.get("format", ""), f"{name}-1")
