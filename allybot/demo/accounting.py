"""What was meant to be seen, from the ladder and the script, and what was seen, from the emulator's log."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from allybot.demo.options import CheckInCount, ScenarioCount
from allybot.demo.workspace import Remote, direct_messages

_CHECK_IN = re.compile(r"^check_in\.step-(\d+)$")
_SCENARIO = re.compile(r"^scenario\.(\d{4}-\d{2}-\d{2})$")


def count_check_ins(remote: Remote, due: dict[str, set[int]]) -> CheckInCount:
    """Check-ins due and seen.

    Args:
        due: for each Slack user the steps he is meant to see.
    """
    with_whom = direct_messages(remote)
    seen = Counter(
        (with_whom.get(post["channel"], ""), int(match[1])) for post, match in _posts(remote, _CHECK_IN)
    )
    wanted = {(user, step) for user, steps in due.items() for step in steps}
    return CheckInCount(
        due=len(wanted),
        delivered=len(seen),
        duplicated=sum(times - 1 for times in seen.values()) + len(set(seen) - wanted),
        lost=len(wanted - set(seen)),
    )


def count_scenarios(remote: Remote, due: dict[str, set[date]]) -> ScenarioCount:
    """Monday posts due and made.

    Args:
        due: for each circle's channel the Mondays on which it is meant to get a scenario.
    """
    seen = Counter(
        (post["channel"], date.fromisoformat(match[1])) for post, match in _posts(remote, _SCENARIO)
    )
    wanted = {(channel, monday) for channel, mondays in due.items() for monday in mondays}
    return ScenarioCount(
        due=len(wanted),
        posted=len(set(seen) & wanted),
        duplicated=sum(times - 1 for times in seen.values()) + len(set(seen) - wanted),
    )


def mondays(start: datetime, weeks: int) -> set[date]:
    """The Mondays of that many weeks, from the first one on or after `start`'s local day."""
    day = start.date()
    first = day + timedelta(days=-day.weekday() % 7)
    return {first + timedelta(weeks=week) for week in range(weeks)}


def _posts(remote: Remote, sign: re.Pattern[str]) -> Iterator[tuple[dict[str, Any], re.Match[str]]]:
    """Every message the emulator took that carries a block with this sign."""
    for entry in remote.get("log?kind=web_api&method=chat.postMessage")["log"]:
        if entry.get("ts"):
            for block in entry["args"].get("blocks") or []:
                match = sign.match(str(block.get("block_id") or ""))
                if match:
                    yield entry, match
