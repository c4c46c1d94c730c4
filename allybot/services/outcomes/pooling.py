"""Windows with too few answers that wait, sealed, for later groups of the same pool, and are counted once.

When such a window closes its ballots leave their trainees: each gets a random id, and only the vault knows by
a keyed digest whose it is. So neither deleting a program's people nor anything else in the database changes
what waits; whoever asks to be forgotten is found by the digest. Windows wait only with those of the same name
in the same pool. Once they hold enough people all of them are counted together, once: one release, one draw
of the noise, and what comes later begins anew.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from allybot.domain.anonymity import epsilon_of, published, reduced, scale_milli, tier_for
from allybot.domain.noise import Rng
from allybot.domain.people import Actor, Program, same_name
from allybot.domain.plans import Outcome
from allybot.domain.windows import Window, WindowState, months_later
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.services.outcomes.ending import NOISE, UNTOLD, local_day, opened, spent, tell_leads, void
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots, pools
from allybot.store.programs import programs
from allybot.store.vault import pooled
from allybot.store.vault.vault import private_key_of

_Envelopes = dict[str, list[tuple[str, bytes]]]
"""By owner: the window and the envelope of each ballot."""


@dataclass(frozen=True)
class _Waiting:
    """A program with a pool, one of its windows, and all that wait with it, itself included if it does."""

    program: Program
    pool: str
    window: Window
    together: list[Window]


def least(context: Context, tx: Transaction, program: Program) -> int:
    """The fewest people with whom the program's pool is counted; 0 when it has none."""
    if program.pool is None:
        return 0
    return least_of(context, tx, program.workspace_id, program.pool, program.minimum_respondents)


def least_of(context: Context, tx: Transaction, workspace_id: str, pool: str, minimum: int) -> int:
    """The same of a pool that a program with this minimum of respondents is in, or would be."""
    largest = pools.least(tx, workspace_id, pool)
    return max(context.content.rules.publishing.pool_respondents, largest, minimum)


def known_as(tx: Transaction, workspace_id: str, pool: str) -> str:
    """A pool's name as it was first given, ignoring case and spaces; the given one where it is new."""
    return next((name for name in pools.pool_names(tx, workspace_id) if same_name(name, pool)), pool)


def wait(context: Context, window_id: str, now: datetime) -> bool:
    """Let a closed window with too few answers wait; False when it is closed no more.

    Answers of people who have not agreed to it, because the pool was named after they had said yes, are
    deleted unopened.

    Raises:
        DecryptionError: the key of the digests cannot be unwrapped; nothing has changed.
    """
    with context.database.transaction() as tx:
        found = _locked(tx, window_id)
        if found is None or found.window.state is not WindowState.CLOSED:
            return False
        program, closed_at = found.program, found.window.closes_at or now
        months = context.content.rules.publishing.pool_waits_months
        ballots.move_window(
            tx,
            window_id,
            WindowState.CLOSED,
            WindowState.WAITING,
            published_on=local_day(program, now),
            waits_until=months_later(closed_at, months, program.zone),
            **UNTOLD,
        )
        actors = {
            trainee_id: Actor(program.workspace_id, slack_user)
            for trainee_id, slack_user in trainees.users_who_may_wait(tx, pools.asked(tx, window_id)).items()
        }
        # Inside the database's transaction, whose locks keep anybody from being forgotten in between.
        with context.vault.transaction() as vault_tx:
            together = [each.id for each in found.together]
            owners = pooled.owners(vault_tx, context.keyring, window_id, together, set(actors.values()))
        pools.move_ballots(tx, window_id, {each: owners[actor] for each, actor in actors.items()})
        tell_leads(context, tx, program, window_id, now)
    return True


def end(context: Context, window_id: str, now: datetime, rng: Rng = NOISE) -> bool:
    """Count a waiting window with the others of its pool if they hold enough; make it void if it is too late.

    Raises:
        DecryptionError: the key of a window that waits is missing or cannot be unwrapped.
    """
    with context.database.reading() as tx:
        window = ballots.window_by_id(tx, window_id)
    if window is None or window.state is not WindowState.WAITING:
        return False
    if window.waits_until is not None and window.waits_until <= now:
        return _expire(context, window_id, now)
    return _count(context, window_id, now, rng)


def drop_unreadable(context: Context, window_id: str, now: datetime) -> bool:
    """Make void the windows waiting with this one whose key is missing or cannot be unwrapped."""
    dropped = False
    with context.database.transaction() as tx:
        found = _locked(tx, window_id)
        for each in found.together if found else ():
            program = programs.program_by_id(tx, each.program_id)
            if program and _key(context, each.id) is None:
                dropped |= void(context, tx, program, each, WindowState.WAITING, now)
    return dropped


def _expire(context: Context, window_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        found = _locked(tx, window_id)
        return found is not None and void(context, tx, found.program, found.window, WindowState.WAITING, now)


def _count(context: Context, window_id: str, now: datetime, rng: Rng) -> bool:
    """Open what waits together before the transaction; begin again if anything changed meanwhile."""
    while True:
        with context.database.reading() as tx:
            found = _found(tx, window_id)
            if found is None or found.window.state is not WindowState.WAITING:
                return False
            enough = least(context, tx, found.program)
            envelopes = pools.ballots_of(tx, [each.id for each in found.together])
        if len(envelopes) < enough:
            return False
        answers = _answers(context, found.together, envelopes)
        if len(answers) < enough:  # some were forged; the others wait on
            return False
        with context.database.transaction() as tx:
            again = _locked(tx, window_id)
            if (
                again == found
                and envelopes == pools.ballots_of(tx, [each.id for each in found.together])
                and enough == least(context, tx, found.program)
            ):
                _publish(context, tx, found, answers, now, rng)
                return True


def _answers(context: Context, together: list[Window], envelopes: _Envelopes) -> list[list[Outcome]]:
    """The valid answers of each person who has one, whichever windows they lie in."""
    keys = {each.id: _key(context, each.id) for each in together}
    readable = {window_id: key for window_id, key in keys.items() if key is not None}
    if len(readable) < len(keys):
        raise DecryptionError
    of_each = (
        [outcome for each in of_one for outcome in opened(readable[each[0]], [each])]
        for of_one in envelopes.values()
    )
    return [outcomes for outcomes in of_each if outcomes]


def _publish(
    context: Context,
    tx: Transaction,
    found: _Waiting,
    answers: list[list[Outcome]],
    now: datetime,
    rng: Rng,
) -> None:
    """Draw the noise and store one release, under the window that made them enough; end all of them."""
    rules = context.content.rules.publishing
    with context.vault.reading() as vault_tx:
        people = pooled.count_asked(vault_tx, [each.id for each in found.together])
    invited = max(people, len(answers))
    of = {each.id: programs.program_by_id(tx, each.program_id) or found.program for each in found.together}
    # All programs of a pool count alike, see `programs.shared_pool`.
    tier = tier_for(
        min(len(answers), invited - 1),
        rules.reasons_from_respondents,
        counts_moments=found.program.counts_moments,
    )
    scale = scale_milli(tier, min(each.epsilon_milli for each in of.values()))
    budget = Fraction(rules.epsilon_budget)
    if any(spent(tx, each) + epsilon_of(tier, scale) > budget for each in of.values()):
        for each in found.together:
            void(context, tx, of[each.id], each, WindowState.WAITING, now)
        return
    made = ballots.Published(
        noisy=published(reduced(tier, answers, rng), len(answers), scale, rng, invited=invited),
        tier=tier,
        scale_milli=scale,
        respondents=len(answers),
        invited=invited,
        published_on=local_day(found.program, now),
    )
    ballots.add_release(tx, found.window.id, made)
    for each in found.together:
        ballots.move_window(
            tx,
            each.id,
            WindowState.WAITING,
            WindowState.PUBLISHED,
            published_on=made.published_on,
            counted_with=found.window.id,
            **UNTOLD,
        )
        ballots.delete_ballots(tx, each.id)
        tell_leads(context, tx, of[each.id], each.id, now)


def _found(tx: Transaction, window_id: str) -> _Waiting | None:
    window = ballots.window_by_id(tx, window_id)
    program = programs.program_by_id(tx, window.program_id) if window else None
    if window is None or program is None or program.pool is None:
        return None
    together = pools.waiting(tx, program.workspace_id, program.pool, window.name)
    return _Waiting(program, program.pool, window, together)


def _locked(tx: Transaction, window_id: str) -> _Waiting | None:
    """The same, after the pool was locked."""
    found = _found(tx, window_id)
    if found is None:
        return None
    pools.lock(tx, found.program.workspace_id, found.pool)
    return _found(tx, window_id)


def _key(context: Context, window_id: str) -> bytes | None:
    try:
        with context.vault.reading() as vault_tx:
            return private_key_of(vault_tx, context.keyring, window_id)
    except DecryptionError:
        return None
