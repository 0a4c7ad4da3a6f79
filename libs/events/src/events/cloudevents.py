"""CloudEvents 1.0 on Kafka, binary mode: attributes travel as `ce_` headers, the data is the value as it is."""

from collections.abc import Iterable

from events.message import Message

CONTENT_TYPE = "content-type"
Headers = list[tuple[str, bytes]]


class NotACloudEvent(ValueError):
    """A record on one of our topics lacks what every message of Hearthline carries."""


class _HeaderNames(dict[str, str]):
    def __missing__(self, attribute: str) -> str:
        name = self[attribute] = CONTENT_TYPE if attribute == "datacontenttype" else f"ce_{attribute}"
        return name


class _AttributeNames(dict[str, str]):
    def __missing__(self, header: str) -> str:
        lower = header.lower()
        name = self[header] = "datacontenttype" if lower == CONTENT_TYPE else lower.removeprefix("ce_")
        return name


_header_names = _HeaderNames()
_attribute_names = _AttributeNames()


def to_headers(message: Message, key: bytes) -> Headers:
    """The headers of a message; `key` is its key as it travels, which is also the attribute `partitionkey`."""
    headers = [(_header_names[name], value.encode()) for name, value in message.attributes.items()]
    headers.append(("ce_partitionkey", key))
    headers.append(("ce_sequence", b"%d" % message.sequence))
    return headers


def from_record(topic: str, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> Message:
    """The message that a record carries. Raises NotACloudEvent when it has no key, id, type or sequence."""
    attributes = {_attribute_names[name]: content.decode() for name, content in headers}
    attributes.pop("partitionkey", None)
    sequence = attributes.pop("sequence", "")
    if key is None or not sequence.isdecimal() or "id" not in attributes or "type" not in attributes:
        raise NotACloudEvent(f"a record of {topic} lacks its key, ce_id, ce_type or ce_sequence")
    return Message(topic, key.decode(), int(sequence), value or b"", attributes)
