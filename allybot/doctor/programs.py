"""Checks of programs, circles, and whether a worker runs for them."""

from datetime import datetime

from allybot.doctor.finding import Finding
from allybot.services.context import Context
from allybot.services.delivery import clock_agreement
from allybot.services.programs import programs, soundness
from allybot.slack.gateway import SlackGateway


def programs_and_circles(context: Context, slack: SlackGateway, now: datetime) -> list[Finding]:
    """Programs that lack something, and circles that cannot be posted to.

    Args:
        now: the program's clock, aware UTC.
    """
    return [
        *(
            Finding(f"program {each.program}", good=False, say=each.say)
            for each in soundness.programs_to_mend(context, now)
        ),
        *(
            Finding(f"circles of {each.program}", good=False, say=each.say)
            for each in soundness.circles_to_mend(context, slack)
        ),
    ]


def worker_runs(context: Context) -> list[Finding]:
    """Whether any worker lives, as soon as somebody is enrolled."""
    if clock_agreement.live_workers(context):
        return []
    if not any(facts.enrolled for facts in programs.list_programs(context)):
        return []
    say = (
        "None has been seen for a minute and a half, so nothing is sent. Start `allybot run`, or "
        "`allybot worker` beside `allybot web`, with this DATABASE_URL."
    )
    return [Finding("workers", good=False, say=say)]
