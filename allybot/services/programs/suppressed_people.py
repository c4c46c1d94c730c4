"""People on the suppression list, of whom a program's reports and figures say the same as had they stayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Cohort, Program
from allybot.errors import DecryptionError, UserError
from allybot.services.context import Context
from allybot.services.programs.terms import kept_until
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault.suppression import counted_in, places_among, suppressed_among


@dataclass(frozen=True)
class Remembered:
    """The program and cohort that somebody on the suppression list would still be in; both or neither."""

    program: Program | None = None
    cohort: Cohort | None = None


def remembered(
    context: Context,
    tx: Transaction,
    workspace_id: str,
    users: Sequence[str],
    now: datetime,
    first: str = "",
) -> dict[str, Remembered]:
    """Those of these Slack users who are on the suppression list and have no row at `now` (aware UTC).

    Args:
        first: id of the program that goes before others where somebody was in several.

    Raises:
        UserError: the suppression list cannot be read, so that nobody can be enrolled.
    """
    try:
        with context.vault.reading() as vault_tx:
            found = suppressed_among(vault_tx, context.keyring, [Actor(workspace_id, user) for user in users])
            found = {actor for actor in found if trainees.trainee_of(tx, actor) is None}
            cohorts = _cohorts(context, tx, workspace_id, now, first) if found else {}
            there = {actor: places_among(vault_tx, context.keyring, actor, cohorts) for actor in found}
    except DecryptionError as error:
        raise UserError(
            "Nobody was enrolled: allybot cannot tell who asked to be forgotten or declined, because the key "
            "of that list cannot be opened with ALLYBOT_SECRET_KEY. Add the key it was wrapped with."
        ) from error
    return {
        actor.slack_user: next((place for name, place in cohorts.items() if name in ids), Remembered())
        for actor, ids in there.items()
    }


def counted(context: Context, tx: Transaction, program: Program, now: datetime) -> tuple[int, int]:
    """People without a row whom a program counts as before they left: (on its list, taking part).

    Nobody once the program's other people are deleted.
    """
    if now >= kept_until(context, tx, program):
        return 0, 0
    with context.vault.reading() as vault_tx:
        return counted_in(vault_tx, program.id)


def _cohorts(
    context: Context, tx: Transaction, workspace_id: str, now: datetime, first: str
) -> dict[str, Remembered]:
    """The cohorts of the workspace's programs whose people are not deleted yet, by id, `first`'s first."""
    kept = [each for each in programs.programs(tx, workspace_id) if now < kept_until(context, tx, each)]
    kept.sort(key=lambda each: each.id != first)
    return {cohort.id: Remembered(each, cohort) for each in kept for cohort in programs.cohorts(tx, each.id)}
