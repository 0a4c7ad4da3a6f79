"""The investigation service as data."""

from events.service import Service
from investigation.announce import announce
from investigation.api import routes
from investigation.events import REGISTRY
from investigation.reactions import SUBSCRIPTION
from investigation.read_models import INVESTIGATIONS_MODEL
from investigation.settings import InvestigationSettings

SERVICE = Service(
    name="investigation",
    registry=REGISTRY,
    announce=announce,
    read_models=(INVESTIGATIONS_MODEL,),
    routes=routes,
    settings=InvestigationSettings,
    subscriptions=(SUBSCRIPTION,),
)
