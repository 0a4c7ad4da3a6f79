"""Puts the deadlines service together."""

from collections.abc import Sequence

from fastapi import APIRouter

from deadlines import api, compliance_api, dry_run_api, dry_run_job, feed_api, gates_api, orders_api, subjects_api
from deadlines.announce import announce
from deadlines.conclusions import REGISTRY
from deadlines.look import Watch
from deadlines.read_models import CLOCK_SHEET, FEED_SHEET, ORDER_SHEET
from deadlines.settings import DeadlinesSettings
from deadlines.tables import METADATA
from events.catalogue import topic_events
from events.reaction import Received, Subscription
from events.runtime import Runtime
from events.service import Service
from events.transaction import Transaction

LISTENED_TO = ("intake", "investigation", "casework", "placement", "fps-contract", "oversight")


async def learn(tx: Transaction, received: Sequence[Received]) -> None:
    """Take in public facts."""
    await tx.runtime.own.learn(tx, received)


async def sweep(runtime: Runtime) -> None:
    """Find what has come due."""
    await runtime.own.sweep(runtime)


def routes(runtime: Runtime) -> APIRouter:
    """The routes, with the policy of this installation."""
    router = APIRouter()
    router.include_router(feed_api.routes(runtime, runtime.own))  # before the clocks: `/clocks/feeds` names no clock
    router.include_router(dry_run_api.routes(runtime, runtime.own))
    router.include_router(compliance_api.routes(runtime, runtime.own))
    router.include_router(api.routes(runtime, runtime.own))
    router.include_router(orders_api.routes(runtime, runtime.own))
    router.include_router(gates_api.routes(runtime, runtime.own))
    router.include_router(subjects_api.routes(runtime, runtime.own))
    return router


SERVICE = Service(
    name="deadlines",
    registry=REGISTRY,
    announce=announce,
    read_models=(CLOCK_SHEET, ORDER_SHEET, FEED_SHEET),
    routes=routes,
    settings=DeadlinesSettings,
    subscriptions=tuple(Subscription(topic, topic_events(topic), handle=learn) for topic in LISTENED_TO),
    tables=METADATA,
    background=(sweep, dry_run_job.work),
    prepare=Watch.of,
    open_paths=("/calendars/",),
    pending="select exists (select from {0}.scopes where next_at <= $1)",
)
