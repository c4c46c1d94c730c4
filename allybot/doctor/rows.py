"""Checks for parked messages and for rows that a scheduled job has parked."""

from collections import Counter

from allybot.doctor.finding import Finding
from allybot.services.context import Context
from allybot.services.delivery import parked


def parked_messages(context: Context) -> Finding:
    """Parked messages of the outbox."""
    waiting = len(parked.parked(context))
    if not waiting:
        return Finding("outbox", good=True, say="nothing is parked")
    return Finding("outbox", good=False, say=f"{waiting} parked: see `allybot outbox list`.")


def parked_rows_findings(context: Context) -> list[Finding]:
    """Rows whose due work failed, one finding per job and reason."""
    kinds = Counter((each.row.job, each.meaning, each.remedy) for each in parked.parked_rows(context))
    return [
        Finding(
            job,
            good=False,
            say=(
                f"Parked, and tried again every hour: {number}. {meaning} {remedy} "
                "`allybot outbox list` names each, `allybot outbox retry --all` tries all of it again."
            ),
        )
        for (job, meaning, remedy), number in kinds.items()
    ]
