"""Facts: what a service stores (`Event`) and what it announces (`PublicEvent`), each under an explicit stored name."""

from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Event(BaseModel):
    """A private fact of one service: frozen, strict, stored under `name` and `version`, never under its class name.

    class ReportReceived(Event, name="intake.report-received", version=1): ...
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    stored_name: ClassVar[str]
    stored_version: ClassVar[int]

    def __init_subclass__(cls, *, name: str = "", version: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.stored_name, cls.stored_version = name, version

    @property
    def happened_at(self) -> datetime | None:
        """When it happened, for a fact with a time of its own; None: at the time that its command was about."""
        return None


class PublicEvent(BaseModel):
    """A public contract: thin, versioned, additive, free of confidential fields. `key` names the field that orders it.

    The class name is the vocabulary word; field names are camelCase on the wire. Readers ignore fields they do not know.
    """

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="ignore",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )

    topic: ClassVar[str]
    event_type: ClassVar[str]
    contract_version: ClassVar[int]
    key_field: ClassVar[str]

    def __init_subclass__(cls, *, topic: str = "", key: str = "", version: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.topic, cls.key_field, cls.contract_version = topic, key, version
        cls.event_type = f"{topic}.{cls.__name__}.v{version}"

    @property
    def subject(self) -> str:
        """What the fact is about: the value of the key field. All facts of one subject keep their order."""
        return str(getattr(self, self.key_field))

    def to_json(self) -> bytes:
        """The payload as it travels, without absent fields."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """The payload read back. Raises ValidationError when a required field is missing or has another type."""
        return cls.model_validate_json(data)
