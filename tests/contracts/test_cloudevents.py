"""CloudEvents 1.0, Kafka protocol binding, binary mode: ours is read by the reference SDK, and the SDK's by us."""

import json

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent

from events.cloudevents import NotACloudEvent, from_record, to_headers
from events.message import Message

KEY = "01890000-0000-7000-8000-000000000001"
ATTRIBUTES = {
    "id": "01890000-0000-7000-8000-000000000002",
    "source": "/hearthline/intake",
    "type": "intake.ReportScreened.v1",
    "specversion": "1.0",
    "subject": KEY,
    "time": "2026-03-02T15:00:00+00:00",
    "recordedat": "2026-03-02T15:00:01+00:00",
    "datacontenttype": "application/json",
    "correlationid": "01890000-0000-7000-8000-000000000003",
    "causationid": "01890000-0000-7000-8000-000000000004",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}
MESSAGE = Message("intake", KEY, 42, b'{"reportId":"1"}', ATTRIBUTES)


def test_the_reference_sdk_reads_our_messages() -> None:
    headers = dict(to_headers(MESSAGE, KEY.encode()))
    event = from_binary_event(KafkaMessage(headers, KEY.encode(), MESSAGE.data))
    assert event.get_data() == {"reportId": "1"}
    assert event.get_time().isoformat() == ATTRIBUTES["time"]  # type: ignore[union-attr]
    assert event.get_datacontenttype() == "application/json"
    for name in ("id", "source", "type", "specversion", "subject"):
        assert event.get_attributes()[name] == ATTRIBUTES[name]
    for name in ("recordedat", "correlationid", "causationid", "traceparent"):
        assert event.get_extension(name) == ATTRIBUTES[name]
    assert (event.get_extension("sequence"), event.get_extension("partitionkey")) == ("42", KEY)


def test_we_read_the_messages_of_the_reference_sdk() -> None:
    given = {name: value for name, value in ATTRIBUTES.items() if name != "time"}
    event = CloudEvent(given | {"partitionkey": KEY, "sequence": "42"}, {"reportId": "1"})
    sent = to_binary_event(event)
    key = sent.key if isinstance(sent.key, bytes) else str(sent.key).encode()
    read = from_record("intake", key, sent.value, list(sent.headers.items()))
    assert (read.key, read.sequence, json.loads(read.data)) == (KEY, 42, {"reportId": "1"})
    assert {name: read.attributes[name] for name in given} == given


def test_headers_are_named_as_the_binding_says() -> None:
    names = {name for name, _ in to_headers(MESSAGE, KEY.encode())}
    assert names == {f"ce_{name}" for name in ATTRIBUTES if name != "datacontenttype"} | {
        "content-type",
        "ce_partitionkey",
        "ce_sequence",
    }


def test_a_message_survives_the_way_through_a_record() -> None:
    assert from_record("intake", KEY.encode(), MESSAGE.data, to_headers(MESSAGE, KEY.encode())) == MESSAGE


@pytest.mark.parametrize("missing", ["ce_id", "ce_type", "ce_sequence"])
def test_a_record_without_what_every_message_carries_is_refused(missing: str) -> None:
    headers = [(name, value) for name, value in to_headers(MESSAGE, b"k") if name != missing]
    with pytest.raises(NotACloudEvent, match="a record of intake"):
        from_record("intake", b"k", b"{}", headers)


def test_a_record_without_a_key_is_refused() -> None:
    with pytest.raises(NotACloudEvent):
        from_record("intake", None, b"{}", to_headers(MESSAGE, b"k"))
