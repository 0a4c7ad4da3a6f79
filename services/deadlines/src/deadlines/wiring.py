"""Puts the deadlines service together."""

from collections.abc import Sequence

from fastapi import APIRouter

from deadlines import api
from deadlines.announce import announce
from deadlines.conclusions import REGISTRY
from deadlines.look import Watch
from deadlines.read_models import CLOCK_SHEET
from deadlines.settings import DeadlinesSettings
from deadlines.tables import METADATA
from events.catalogue import topic_events
from events.reaction import Received, Subscription
from events.runtime import Runtime
from events.service import Service
from events.transaction import Transaction


async def learn(tx: Transaction, received: Sequence[Received]) -> None:
    """Take in public facts."""
    await tx.runtime.own.learn(tx, received)


async def sweep(runtime: Runtime) -> None:
    """Find what has come due."""
    await runtime.own.sweep(runtime)


def routes(runtime: Runtime) -> APIRouter:
    """The routes, with the policy of this installation."""
    return api.routes(runtime, runtime.own)


SERVICE = Service(
    name="deadlines",
    registry=REGISTRY,
    announce=announce,
    read_models=(CLOCK_SHEET,),
    routes=routes,
    settings=DeadlinesSettings,
    subscriptions=tuple(
        Subscription(topic, topic_events(topic), handle=learn) for topic in ("intake", "investigation")
    ),
    tables=METADATA,
    background=(sweep,),
    prepare=Watch.of,
    pending="select exists (select from {0}.scopes where next_at <= $1)",
)
