"""Checks of this host's clock and of the running workers' clocks."""

from datetime import timedelta

from allybot.doctor.finding import Finding
from allybot.services.context import Context
from allybot.services.delivery import clock_agreement
from allybot.services.delivery.clock_agreement import Reason
from allybot.services.delivery.config import DeliveryRules

_A_MINUTE = timedelta(minutes=1)
_WORKER_REFUSES = {
    Reason.SLACK_CLOCK: (
        "It does nothing: its host's clock is not Slack's. Run `allybot doctor` there, and set the clock, "
        "best by NTP; it goes on by itself."
    ),
    Reason.SLACK_SILENT: (
        "It does nothing yet: Slack has not answered it. Check SLACK_API_URL and the network of its host."
    ),
    Reason.OTHER_WORKER: (
        "It does nothing: another worker acts at another time. Give all of them the same "
        "ALLYBOT_CLOCK_OFFSET, or none, and set their hosts' clocks, best by NTP."
    ),
}


def host_clock(ahead: timedelta) -> Finding:
    """Whether this host's clock agrees with Slack's.

    Args:
        ahead: how far it is ahead of Slack's.
    """
    if abs(ahead) <= DeliveryRules().clock_tolerance:
        return Finding("clock of this host", good=True, say="it is Slack's")
    say = (
        f"It is {_difference(ahead)} Slack's, so a worker here does nothing, and from five minutes on what "
        "Slack sends to `allybot web` is refused. Set it, best by NTP: `timedatectl set-ntp true`."
    )
    return Finding("clock of this host", good=False, say=say)


def workers(context: Context) -> list[Finding]:
    """Workers whose last heartbeat is at most a minute and a half old."""
    found = []
    for heartbeat in clock_agreement.live_workers(context):
        what, ahead = f"worker {heartbeat.worker}", heartbeat.program_ahead
        if heartbeat.refuses is None:
            moved = f", its clock moved {_difference(ahead)} the database's" if abs(ahead) > _A_MINUTE else ""
            found.append(Finding(what, good=True, say=f"acts{moved}"))
            continue
        found.append(Finding(what, good=False, say=_WORKER_REFUSES[Reason(heartbeat.refuses)]))
    return found


def _difference(ahead: timedelta) -> str:
    seconds = round(abs(ahead).total_seconds())
    return f"{timedelta(seconds=seconds)} (h:mm:ss) {'ahead of' if ahead > timedelta() else 'behind'}"
