"""The demo without hands: scripted people live through the program on a fast clock."""

import random
import sys
import time
from datetime import date, datetime, timedelta

from allybot.demo.accounting import count_check_ins, count_scenarios, mondays
from allybot.demo.cast import cast
from allybot.demo.company import Company
from allybot.demo.due import due_steps
from allybot.demo.options import OTHER_PORT, PORT, DemoOptions, Report
from allybot.demo.session import START, DemoSession
from allybot.demo.workspace import circle_channel
from allybot.errors import UserError
from allybot.reports import as_json
from allybot.services.outcomes import summaries
from slack_emulator import EmulatorError

WHOLE_PROGRAM = 13
"""Weeks. So long circles get scenarios, and only then the session waits for the last window to close."""


def autoplay(options: DemoOptions) -> Report:
    """Live through the program and count what was seen; progress goes to stderr.

    Raises:
        UserError: the port named is taken, or the database is not empty.
    """
    began = time.monotonic()
    people = cast(options.people, options.seed)
    session = DemoSession(options, people, flows=False)
    session.emulator.add_json_route(
        "GET", "/_demo/clock", lambda _body: {"ok": True, "now": session.clock().isoformat()}
    )
    try:
        _open(session, options.port)
        sys.stderr.write(f"The demo is at {session.emulator.url}\n")
        company = Company(session, random.Random(options.seed))  # noqa: S311 - a script, not a secret
        session.speak()
        company.live()
        session.speak()
        end = START + timedelta(weeks=options.weeks)
        for week in range(1, options.weeks + 1):
            session.move_to(START + timedelta(weeks=week), company.live)
            _say(week, options.weeks, began)
        if options.weeks >= WHOLE_PROGRAM:
            end = _live_until_the_last_window_has_closed(session, company, end)
        return _report(options, session, company, end, time.monotonic() - began)
    finally:
        session.close()


def _open(session: DemoSession, port: int | None) -> None:
    try:
        session.open(PORT if port is None else port)
    except EmulatorError as error:
        if port is not None:
            raise UserError(f"{error}. {OTHER_PORT}") from error
        session.open(0)


def _live_until_the_last_window_has_closed(session: DemoSession, company: Company, end: datetime) -> datetime:
    closing = next((each.next_closes_on for each in summaries.summaries(session.allybot.context)), None)
    if closing is not None:
        end = datetime.combine(closing + timedelta(days=1), START.timetz())
        session.move_to(end, company.live)
    return end


def _report(
    options: DemoOptions, session: DemoSession, company: Company, end: datetime, seconds: float
) -> Report:
    context = session.allybot.context
    due = {who.user: due_steps(context.content.rules, who, company.moments, end) for who in session.people}
    wanted: set[date] = mondays(START, min(options.weeks, WHOLE_PROGRAM))
    channels = sorted({circle_channel(who.circle) for who in session.people})
    return Report(
        people=len(session.people),
        weeks=options.weeks,
        plans=sum(player.plans for player in company.players),
        check_ins=count_check_ins(session.remote, due),
        scenarios=count_scenarios(session.remote, dict.fromkeys(channels, wanted)),
        answers=sum(player.answers for player in company.players),
        releases=[
            release for each in summaries.summaries(context) for release in as_json.program(each)["releases"]
        ],
        seconds=round(seconds, 1),
    )


def _say(week: int, weeks: int, began: float) -> None:
    sys.stderr.write(f"\rweek {week} of {weeks}, {time.monotonic() - began:.0f} s")
    if week == weeks:
        sys.stderr.write("\n")
    sys.stderr.flush()
