"""The demo without a user: scripted people go through the program on a fast clock."""

import random
import sys
import time
from datetime import date, datetime, timedelta

from allybot.demo.accounting import count_check_ins, count_scenarios, mondays
from allybot.demo.cast import cast
from allybot.demo.due import due_steps
from allybot.demo.options import OTHER_PORT, PORT, DemoOptions, Report
from allybot.demo.scripted_people import ScriptedPeople
from allybot.demo.session import START, DemoSession
from allybot.demo.workspace import circle_channel
from allybot.errors import UserError
from allybot.reports import as_json
from allybot.services.outcomes import summaries
from slack_emulator import EmulatorError

WHOLE_PROGRAM = 13
"""Weeks with scenarios; only a session this long continues until the last window has closed."""


def autoplay(options: DemoOptions) -> Report:
    """Run the program and count what was posted; progress goes to stderr.

    Raises:
        UserError: the port named is taken, or the database is not empty.
    """
    return play(DemoSession(options, cast(options.people, options.seed), ticking=False), options)


def play(session: DemoSession, options: DemoOptions) -> Report:
    """Run the program in a session that is not open yet, and close it; else as `autoplay`."""
    began = time.monotonic()
    session.emulator.add_json_route(
        "GET", "/_demo/clock", lambda _body: {"ok": True, "now": session.clock().isoformat()}
    )
    try:
        _open(session, options.port)
        sys.stderr.write(f"The demo is at {session.emulator.url}\n")
        scripted = ScriptedPeople(session, random.Random(options.seed))  # noqa: S311 - a script, not a secret
        session.run_worker()
        scripted.act()
        session.run_worker()
        end = START + timedelta(weeks=options.weeks)
        for week in range(1, options.weeks + 1):
            session.move_to(START + timedelta(weeks=week), scripted.act)
            _progress(week, options.weeks, began)
        if options.weeks >= WHOLE_PROGRAM:
            end = _run_until_last_window_closes(session, scripted, end)
        return _report(options, session, scripted, end, time.monotonic() - began)
    finally:
        session.close()


def _open(session: DemoSession, port: int | None) -> None:
    try:
        session.open(PORT if port is None else port)
    except EmulatorError as error:
        if port is not None:
            raise UserError(f"{error}. {OTHER_PORT}") from error
        session.open(0)


def _run_until_last_window_closes(session: DemoSession, scripted: ScriptedPeople, end: datetime) -> datetime:
    closing = next((each.next_closes_on for each in summaries.summaries(session.allybot.context)), None)
    if closing is not None:
        end = datetime.combine(closing + timedelta(days=1), START.timetz())
        session.move_to(end, scripted.act)
    return end


def _report(
    options: DemoOptions, session: DemoSession, scripted: ScriptedPeople, end: datetime, seconds: float
) -> Report:
    context = session.allybot.context
    due = {who.user: due_steps(context.content.rules, who, scripted.moments, end) for who in session.people}
    wanted: set[date] = mondays(START, min(options.weeks, WHOLE_PROGRAM))
    channels = sorted({circle_channel(who.circle) for who in session.people})
    return Report(
        people=len(session.people),
        weeks=options.weeks,
        plans=sum(person.plans for person in scripted.people),
        check_ins=count_check_ins(session.remote, due),
        scenarios=count_scenarios(session.remote, dict.fromkeys(channels, wanted)),
        answers=sum(person.answers for person in scripted.people),
        releases=[
            release for each in summaries.summaries(context) for release in as_json.program(each)["releases"]
        ],
        seconds=round(seconds, 1),
    )


def _progress(week: int, weeks: int, began: float) -> None:
    sys.stderr.write(f"\rweek {week} of {weeks}, {time.monotonic() - began:.0f} s")
    if week == weeks:
        sys.stderr.write("\n")
    sys.stderr.flush()
