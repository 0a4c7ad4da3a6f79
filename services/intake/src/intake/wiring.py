"""Puts intake together."""

from events.service import Service
from intake.announce import announce
from intake.api import routes
from intake.events import REGISTRY
from intake.read_models import PRIOR_REPORTS, REPORT_LIST, forget
from intake.settings import IntakeSettings

SERVICE = Service(
    name="intake",
    registry=REGISTRY,
    announce=announce,
    read_models=(REPORT_LIST, PRIOR_REPORTS),
    routes=routes,
    settings=IntakeSettings,
    forget=forget,
)
