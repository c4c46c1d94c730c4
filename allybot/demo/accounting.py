"""Compares what was due, by the ladder and the script, with what was posted, by the emulator's log."""

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
    """Count check-ins due and posted.

    Args:
        due: the steps due, by Slack user.
    """
    user_of_channel = direct_messages(remote)
    seen = Counter(
        (user_of_channel.get(post["channel"], ""), int(match[1])) for post, match in _posts(remote, _CHECK_IN)
    )
    wanted = {(user, step) for user, steps in due.items() for step in steps}
    return CheckInCount(
        due=len(wanted),
        delivered=len(seen),
        duplicated=sum(times - 1 for times in seen.values()) + len(set(seen) - wanted),
        lost=len(wanted - set(seen)),
    )


def count_scenarios(remote: Remote, due: dict[str, set[date]]) -> ScenarioCount:
    """Count scenario posts due and posted.

    Args:
        due: the Mondays with a scenario, by the circle's channel.
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
    """Posted messages with a block id that matches."""
    for entry in remote.get("log?kind=web_api&method=chat.postMessage")["log"]:
        if entry.get("ts"):
            for block in entry["args"].get("blocks") or []:
                match = sign.match(str(block.get("block_id") or ""))
                if match:
                    yield entry, match
