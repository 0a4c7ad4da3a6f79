"""Puts the notifications service together."""

from events.catalogue import topic_events
from events.reaction import Subscription
from events.service import Service
from notifications.announce import announce
from notifications.api import routes
from notifications.arrivals import take
from notifications.events import REGISTRY
from notifications.patterns import TOPICS
from notifications.read_models import READ_MODELS
from notifications.sending import call_endpoints, send_mail
from notifications.settings import NotificationsSettings
from notifications.tables import METADATA
from notifications.wording import Wording

SERVICE = Service(
    name="notifications",
    registry=REGISTRY,
    announce=announce,
    read_models=READ_MODELS,
    routes=routes,
    settings=NotificationsSettings,
    subscriptions=tuple(Subscription(topic, topic_events(topic), handle=take) for topic in TOPICS),
    tables=METADATA,
    background=(send_mail, call_endpoints),
    prepare=Wording,
    pending="select exists (select from {0}.deliveries where state = 'waiting' and next_at <= $1)",
)
