"""The demo without hands: scripted people live through the program on a fast clock."""

import random
import sys
import time
from datetime import date, datetime, timedelta

from allybot.demo.accounting import count_check_ins, count_scenarios, mondays
from allybot.demo.cast import cast
from allybot.demo.company import Company
from allybot.demo.due import due_steps
from allybot.demo.options import DemoOptions, Report
from allybot.demo.practice_slack import circle_channel
from allybot.demo.rehearsal import START, Rehearsal
from allybot.reports import as_json
from allybot.services import transfers

WHOLE_PROGRAM = 13
"""Weeks. Only then does the rehearsal wait for the last window to close."""


def autoplay(options: DemoOptions) -> Report:
    """Live through the program and count what was seen; progress goes to stderr."""
    began = time.monotonic()
    people = cast(options.people, options.seed)
    rehearsal = Rehearsal(options, people, flows=False)
    rehearsal.open(0)
    try:
        company = Company(rehearsal, random.Random(options.seed))  # noqa: S311 - a script, not a secret
        rehearsal.speak()
        company.live()
        rehearsal.speak()
        end = START + timedelta(weeks=options.weeks)
        for week in range(1, options.weeks + 1):
            rehearsal.move_to(START + timedelta(weeks=week), company.live)
            _say(week, options.weeks, began)
        if options.weeks == WHOLE_PROGRAM:
            end = _live_until_the_last_window_has_closed(rehearsal, company)
        return _report(options, rehearsal, company, end, time.monotonic() - began)
    finally:
        rehearsal.close()


def _live_until_the_last_window_has_closed(rehearsal: Rehearsal, company: Company) -> datetime:
    closing = next((each.next_closes_on for each in transfers.summaries(rehearsal.allybot.house)), None)
    end = START + timedelta(weeks=WHOLE_PROGRAM)
    if closing is not None:
        end = datetime.combine(closing + timedelta(days=1), START.timetz())
        rehearsal.move_to(end, company.live)
    return end


def _report(
    options: DemoOptions, rehearsal: Rehearsal, company: Company, end: datetime, seconds: float
) -> Report:
    house = rehearsal.allybot.house
    due = {who.user: due_steps(house.content.rules, who, company.moments, end) for who in rehearsal.people}
    wanted: set[date] = mondays(START, options.weeks)
    channels = sorted({circle_channel(who.circle) for who in rehearsal.people})
    return Report(
        people=len(rehearsal.people),
        weeks=options.weeks,
        plans=sum(player.plans for player in company.players),
        check_ins=count_check_ins(rehearsal.remote, due),
        scenarios=count_scenarios(rehearsal.remote, dict.fromkeys(channels, wanted)),
        answers=sum(player.answers for player in company.players),
        releases=[
            release for each in transfers.summaries(house) for release in as_json.program(each)["releases"]
        ],
        seconds=round(seconds, 1),
    )


def _say(week: int, weeks: int, began: float) -> None:
    sys.stderr.write(f"\rweek {week} of {weeks}, {time.monotonic() - began:.0f} s")
    if week == weeks:
        sys.stderr.write("\n")
    sys.stderr.flush()
