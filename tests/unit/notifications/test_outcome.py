"""How long to wait before the next attempt."""

from datetime import timedelta

from notifications.outcome import SCHEDULES, WEBHOOK, waiting_time


def test_webhooks_follow_the_schedule_of_standard_webhooks() -> None:
    """Standard Webhooks, deliverability: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
    hours = [wait / timedelta(hours=1) for wait in WEBHOOK[3:]]
    assert WEBHOOK[:3] == (timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30))
    assert hours == [2, 5, 10, 14, 20, 24]


def test_each_channel_waits_longer_each_time_and_gives_up_in_the_end() -> None:
    for channel, schedule in SCHEDULES.items():
        waits = [waiting_time(channel, attempt) for attempt in range(1, len(schedule) + 1)]
        assert waits == sorted(schedule)
        assert waiting_time(channel, len(schedule) + 1) is None
