"""Earlier reports that a search found."""

from datetime import date, timedelta
from typing import Self
from uuid import UUID

from events.private import Private
from intake.content import Part, owned


class PriorReport(Part):
    """An earlier report, found by the index or named by the searcher; `substantiated_on` is a date as text."""

    report_id: UUID
    substantiated_on: Private[str] | None = None

    def owned_by(self, person: UUID) -> Self:
        """The same with the date belonging to `person`."""
        return self.model_copy(
            update={"substantiated_on": self.substantiated_on and owned(self.substantiated_on, person)}
        )


def recently_substantiated(found: tuple[PriorReport, ...], on: date, window: timedelta | None) -> bool:
    """Whether any of the reports was substantiated within `window` before `on`; without a window, at any time."""
    dates = [report.substantiated_on.value for report in found if report.substantiated_on]
    return any(window is None or on - date.fromisoformat(text) <= window for text in dates if text)
