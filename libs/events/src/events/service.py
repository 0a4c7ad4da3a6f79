"""What makes a service: its facts, its announcements, its read models, its routes and what it listens to."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import MetaData

from events.event import PublicEvent
from events.reaction import Subscription
from events.read_model import ReadModel
from events.recorded import Recorded
from events.registry import Registry
from events.settings import ServiceSettings

if TYPE_CHECKING:
    from events.runtime import Runtime


async def _nobody(connection: Any, person: UUID) -> None:
    """Most services keep nothing of a person outside their log."""


@dataclass(frozen=True)
class Service:
    """One service as data; `events.runtime` gives it life. `name` is folder, topic and consumer group.

    `tables` are work tables, neither log nor read model. `background` are endless loops, cancelled at shutdown.
    `pending` is SQL that says whether the loops have work that is due at $1; {0} stands for the schema.
    `prepare` makes, from the settings, what the service keeps at hand as `runtime.own`; a fault there stops the start.
    `open_paths` begin the paths that answer without a token, because the path itself is the key.
    `forget` removes what the service keeps of a person beside sealed values, in the owner's transaction.
    """

    name: str
    registry: Registry
    announce: Callable[[Recorded[Any]], Sequence[PublicEvent]]
    read_models: tuple[ReadModel, ...]
    routes: Callable[["Runtime"], APIRouter]
    settings: type[ServiceSettings] = ServiceSettings
    subscriptions: tuple[Subscription, ...] = ()
    tables: MetaData | None = None
    background: tuple[Callable[["Runtime"], Coroutine[Any, Any, None]], ...] = ()
    pending: str = ""
    prepare: Callable[[Any], Any] = lambda settings: None
    open_paths: tuple[str, ...] = ()
    forget: Callable[[Any, UUID], Awaitable[None]] = _nobody

    @property
    def schema(self) -> str:
        """The PostgreSQL schema and the import package: the name with underscores."""
        return self.name.replace("-", "_")

    @property
    def role(self) -> str:
        """The database role of the running service."""
        return f"hearthline_{self.schema}"


def installed(only: Sequence[str] = ()) -> list[Service]:
    """The services installed here, by name, or only those named. Raises LookupError for one that is not installed."""
    found = {point.name: point for point in entry_points(group="hearthline.services")}
    for name in only:
        if name not in found:
            raise LookupError(f"the service {name} is not installed here")
    return [found[name].load() for name in sorted(only or found)]
