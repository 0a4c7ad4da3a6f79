"""Personal feeds of clocks for calendar programs: opened and revoked by the worker whose clocks they show."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from events.decider import Decider, Rejected
from events.event import Event


class FeedOpened(Event, name="deadlines.feed-opened", version=1):
    """A worker opened a feed of the own clocks. Of its secret address only a digest is kept."""

    feed_id: UUID
    worker_id: str
    digest: str


class FeedRevoked(Event, name="deadlines.feed-revoked", version=1):
    """The address answers no more, for ever."""

    feed_id: UUID
    by: str


FeedEvent = FeedOpened | FeedRevoked


@dataclass(frozen=True)
class OpenFeed:
    """Open a feed under a secret that is known by this digest."""

    feed_id: UUID
    worker_id: str
    digest: str


@dataclass(frozen=True)
class RevokeFeed:
    """Close a feed."""

    by: str


@dataclass(frozen=True)
class Feed:
    """What is known of a feed; without `worker_id` there is none."""

    feed_id: UUID | None = None
    worker_id: str = ""
    revoked: bool = False


def digest_of(secret: str) -> str:
    """How a secret is kept and looked for; whatever text a caller sends has one."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def decide(command: OpenFeed | RevokeFeed, feed: Feed) -> list[FeedEvent]:
    """A feed is opened once and revoked once; revoking again changes nothing."""
    match command:
        case OpenFeed():
            return [FeedOpened(feed_id=command.feed_id, worker_id=command.worker_id, digest=command.digest)]
        case RevokeFeed():
            if feed.feed_id is None:
                raise Rejected("feed-not-found", "there is no such feed, or not for you", status=404)
            return [] if feed.revoked else [FeedRevoked(feed_id=feed.feed_id, by=command.by)]


def evolve(feed: Feed, event: FeedEvent) -> Feed:
    """The feed after one more fact."""
    if isinstance(event, FeedOpened):
        return Feed(event.feed_id, event.worker_id)
    return Feed(feed.feed_id, feed.worker_id, revoked=True)


FEED: Decider[OpenFeed | RevokeFeed, Feed, FeedEvent] = Decider("feeds", decide, evolve, initial=Feed())
