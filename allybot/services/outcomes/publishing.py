"""Publishes a window exactly once, with noise drawn once.

Five idempotent, crash-safe steps, which any worker may run. A second draw is impossible: only one transaction
can move a window from closed to published, and it deletes the ballots.
"""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from allybot.domain.anonymity import epsilon_of, published, reduced, scale_milli, tier_for
from allybot.domain.noise import Rng
from allybot.domain.people import Program
from allybot.domain.windows import Window, WindowState
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.services.context import Context
from allybot.services.isolation import ScheduledJob
from allybot.services.outcomes import pooling
from allybot.services.outcomes.ending import NOISE, UNTOLD, local_day, opened, spent, tell_leads, void
from allybot.services.outcomes.split_keys import CUSTODIANS, joined
from allybot.services.outcomes.telling import tell
from allybot.services.outcomes.windows import CUSTODIAN, named_window, private_key_from
from allybot.store.data.secure_delete import rewrite, truncate_log
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.vault import pooled
from allybot.store.vault.vault import destroy_window_key, private_key_of

Step = Callable[[Context, str, datetime], bool]
"""One step for one window at `now`: True when it changed something, False when it did not apply."""


def close(context: Context, window_id: str, now: datetime) -> bool:
    """Step 1: close a window that is due; it takes no more ballots, and the number invited is fixed."""
    with context.database.transaction() as tx:
        window = ballots.window_by_id(tx, window_id)
        if window is None or window.closes_at is None or window.closes_at > now:
            return False
        if not ballots.move_window(tx, window_id, WindowState.OPEN, WindowState.CLOSED):
            return False
        ballots.set_window(tx, window_id, invited=ballots.count_invited(tx, window_id))
    return True


def void_if_few(context: Context, window_id: str, now: datetime) -> bool:
    """Step 2: with fewer than k respondents the ballots are deleted unopened, or wait in a pool."""
    with context.database.transaction() as tx:
        program, window = _closed(tx, window_id)
        if window is None or ballots.count_respondents(tx, window_id) >= program.minimum_respondents:
            return False
        if program.pool is None:
            return void(context, tx, program, window, WindowState.CLOSED, now)
    return pooling.wait(context, window_id, now)


def publish(context: Context, window_id: str, now: datetime) -> bool:
    """Step 3, if the vault holds the key; a custodian's window waits for `publish_with_key`.

    A window that waits is published with the others of its pool, once they hold enough people.
    """
    with context.database.reading() as tx:
        program, window = _closed(tx, window_id)
    if window is None:
        return pooling.end(context, window_id, now)
    if program.key_holder == CUSTODIAN:
        return False
    with context.vault.reading() as vault_tx:
        private = private_key_of(vault_tx, context.keyring, window_id)
    if private is None:  # another vault, or an old copy of it: it is retried, see `close_due`
        raise DecryptionError
    return draw(context, window_id, private, now)


def clean_up(context: Context, window_id: str, now: datetime) -> bool:
    """Step 4: destroy the key and remove deleted data from disk; retried until all of it is done."""
    with context.database.transaction() as tx:
        window = ballots.window_by_id(tx, window_id)
        program = programs.program_by_id(tx, window.program_id) if window else None
        if (
            window is None
            or program is None
            or window.state not in {WindowState.PUBLISHED, WindowState.VOID}
            or window.key_destroyed_on is not None
        ):
            return False
        ballots.delete_ballots(tx, window_id)
    with context.vault.transaction() as vault_tx:
        destroy_window_key(vault_tx, window_id)
        pooled.delete_window(vault_tx, window_id)
    rewrite(context.vault, "window_key")
    if not (truncate_log(context.vault) and truncate_log(context.database)):
        return False
    with context.database.transaction() as tx:
        ballots.set_window(tx, window_id, key_destroyed_on=local_day(program, now))
    return True


STEPS: tuple[Step, ...] = (close, void_if_few, publish, clean_up, tell)


def publish_with_key(
    context: Context, program: str, window: str, private: str, now: datetime, workspace: str | None = None
) -> WindowState:
    """Publish a closed window with its custodian's key, which is never stored.

    Args:
        context: the databases, keys and rules.
        program: its name.
        window: its name, such as `1-6`.
        private: as made by `windows.keygen`; for a split key the custodian's part, as made by `split_keys`.
        now: the program's time, aware UTC.
        workspace: Slack's team id, if several have a program of this name.

    Returns:
        `published`, or `void` when too few ballots could be read.

    Raises:
        NotFoundError: there is no such program or window.
        DecryptionError: the vault's part of a split key cannot be read.
        UserError: the key does not belong to the window, or the vault has no part of a split one.
        WrongStateError: the window is still open, was published before, or the vault holds its key.
    """
    with context.database.reading() as tx:
        of, found = named_window(tx, program, window, workspace)
    if of.key_holder != CUSTODIAN:
        raise WrongStateError(
            f"The keys of {of.name} are in the vault; its windows are published without help."
        )
    if found.state in {WindowState.PUBLISHED, WindowState.VOID}:
        raise WrongStateError(f"Window {found.name} is {found.state} already; that happens once.")
    close(context, found.id, now)
    if private.startswith(CUSTODIANS):
        key = joined(context, private, found)
    else:
        key = private_key_from(private, found)
    if not void_if_few(context, found.id, now):
        draw(context, found.id, key, now)
    clean_up(context, found.id, now)
    with context.database.reading() as tx:
        _, after = named_window(tx, program, window, workspace)
    if after.state is WindowState.OPEN:
        raise WrongStateError(f"Window {found.name} is still open; it can be published once it has closed.")
    if after.state is WindowState.CLOSED:
        raise WrongStateError(
            f"Somebody left while window {found.name} was being opened. Please run it again."
        )
    return after.state


def draw(context: Context, window_id: str, private: bytes, now: datetime, rng: Rng = NOISE) -> bool:
    """Open the ballots in memory, reduce them, draw the noise and store the figures, once.

    The ballots are opened before the transaction, because thousands take seconds and a closed window gets no
    more. If a trainee was erased meanwhile, nothing is stored and the step is repeated.
    """
    with context.database.reading() as tx:
        program, window = _closed(tx, window_id)
        sealed = ballots.ballots_of(tx, window_id)
    if window is None:
        return False
    of_each = (opened(private, [(window_id, each) for each in envelopes]) for envelopes in sealed.values())
    answers = [outcomes for outcomes in of_each if outcomes]
    with context.database.transaction() as tx:
        program, window = _closed(tx, window_id)
        if window is None or ballots.count_respondents(tx, window_id) != len(sealed):
            return False
        # Where all fifty answered there is no histogram, or one of fifty silent would show by its absence.
        tier = tier_for(
            min(len(answers), (window.invited or 0) - 1),
            context.content.rules.publishing.reasons_from_respondents,
            counts_moments=program.counts_moments,
        )
        scale = scale_milli(tier, program.epsilon_milli)
        budget = Fraction(context.content.rules.publishing.epsilon_budget)
        if (
            len(answers) < program.minimum_respondents
            or spent(tx, program) + epsilon_of(tier, scale) > budget
        ):
            return void(context, tx, program, window, WindowState.CLOSED, now)
        today = local_day(program, now)
        if not ballots.move_window(
            tx, window_id, WindowState.CLOSED, WindowState.PUBLISHED, published_on=today, **UNTOLD
        ):
            return False
        counts = reduced(tier, answers, rng)
        invited = max(window.invited or 0, len(answers))
        made = ballots.Published(
            noisy=published(counts, len(answers), scale, rng, invited=invited),
            tier=tier,
            scale_milli=scale,
            respondents=len(answers),
            invited=invited,
            published_on=today,
        )
        ballots.add_release(tx, window_id, made)
        ballots.delete_ballots(tx, window_id)
        tell_leads(context, tx, program, window_id, now)
    return True


def _run_steps(context: Context, window_id: str, now: datetime) -> bool:
    done = False
    try:
        for step in STEPS:
            done |= step(context, window_id, now) and step in {void_if_few, publish}
    except DecryptionError:
        done = _give_up(context, window_id, now)
    return done


def _give_up(context: Context, window_id: str, now: datetime) -> bool:
    """Make void what cannot be opened, once keys are kept no longer."""
    kept = context.content.rules.retention.vault_keys_days
    with context.database.transaction() as tx:
        program, window = _and_program(tx, window_id)
        if window.closes_at is None or (now - window.closes_at).days < kept:
            return False
        if window.state is WindowState.CLOSED:
            return void(context, tx, program, window, WindowState.CLOSED, now)
    return pooling.drop_unreadable(context, window_id, now)


def _due_windows(tx: Transaction, now: datetime, _limit: int) -> list[str]:
    """Without the limit: windows that wait for a custodian come first, and may wait for long."""
    return ballots.windows_at_work(tx, now)


close_due = ScheduledJob("transfers", RowKind.WINDOW, _due_windows, _run_steps)
"""Run all steps that apply to each window; counts those published or voided.

A window whose key is missing or cannot be unwrapped (another vault, another `ALLYBOT_SECRET_KEY`) stays
closed and is retried at every tick for as long as keys are kept; then it becomes void.
"""


def _closed(tx: Transaction, window_id: str) -> tuple[Program, Window | None]:
    """The program, and the window if it is in state CLOSED."""
    program, window = _and_program(tx, window_id)
    return program, window if window.state is WindowState.CLOSED else None


def _and_program(tx: Transaction, window_id: str) -> tuple[Program, Window]:
    window = ballots.window_by_id(tx, window_id)
    program = programs.program_by_id(tx, window.program_id) if window else None
    if window is None or program is None:
        raise NotFoundError
    return program, window
