"""What the deadlines service tells the others: its conclusions, under the public contract of the same name."""

from collections.abc import Sequence
from typing import Any

from deadlines.conclusions import Conclusion
from events.contracts import deadlines as contracts
from events.event import PublicEvent
from events.recorded import Recorded


def announce(recorded: Recorded[Any]) -> Sequence[PublicEvent]:
    """Every conclusion about a clock is announced; the ids of the facts stay here, for the explanation."""
    conclusion = recorded.event
    if not isinstance(conclusion, Conclusion):
        return []
    contract: type[PublicEvent] = getattr(contracts, type(conclusion).__name__)
    return [contract.model_validate({name: getattr(conclusion, name) for name in contract.model_fields})]
