"""Slack's rate limits, shared by all workers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from allybot.store.delivery.rate_limits import Budget

NOON = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)


def test_after_a_rest_a_burst_may_go_out_and_then_one_call_at_a_time() -> None:
    budget = Budget(per_minute=300, burst=5)
    assert budget.affordable(None, NOON) == 5
    spent = budget.after(None, NOON, 5)
    assert budget.affordable(spent, NOON) == 0
    assert budget.affordable(spent, NOON + budget.interval) == 1


@settings(deadline=None)  # a busy machine is no finding
@given(
    per_minute=st.integers(20, 600),
    burst=st.integers(1, 10),
    pauses=st.lists(st.integers(0, 2_000), min_size=50, max_size=600),
)
def test_no_minute_ever_holds_more_than_the_limit(per_minute: int, burst: int, pauses: list[int]) -> None:
    budget = Budget(per_minute=per_minute, burst=burst)
    moment, stamp, sent = NOON, None, []
    for pause in pauses:
        moment += timedelta(milliseconds=pause)
        calls = budget.affordable(stamp, moment)
        if calls:
            stamp = budget.after(stamp, moment, calls)
            sent += [moment] * calls
    for earlier, later in zip(sent, sent[per_minute:], strict=False):
        assert later - earlier >= timedelta(minutes=1)
