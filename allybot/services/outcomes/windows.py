"""Creates windows and manages their keys."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime

from allybot.crypto import new_window_keys, seal, unseal
from allybot.domain.anonymity import FIGURES, PAYLOAD_BYTES, Tier
from allybot.domain.people import Program
from allybot.domain.windows import Window, WindowState, closing_moment
from allybot.errors import DecryptionError, NotFoundError, SettingsError, UserError, WrongStateError
from allybot.services.context import Context, new_id
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.vault.vault import add_window_key, has_window_key

KEY_BYTES = 32
CUSTODIAN = "custodian"
_PRIVATE, _PUBLIC = "allybot-private-", "allybot-public-"


@dataclass(frozen=True)
class WindowStatus:
    """What an operator may see of a window; not how many have answered.

    Attributes:
        closes_on: in the program's zone; None while the program has no cohort.
        waits_until: of a window that waits for its pool, in the program's zone.
        key: in the vault | with its custodian | split: vault and custodian | missing | deleted.
    """

    name: str
    state: WindowState
    closes_on: date | None
    key: str
    waits_until: date | None = None


def create_windows(context: Context, tx: Transaction, program: Program, now: datetime) -> None:  # noqa: ARG001 - every use case takes `now`
    """Create a program's windows, in the transaction that creates the program.

    Unless a custodian holds the keys, each window's key pair is created in the vault. If the caller's
    transaction fails later, such a key is an orphan, which retention deletes.

    Raises:
        SettingsError: its counts together would spend more than the privacy budget.
    """
    require_budget(context, program.epsilon_milli, counts_moments=program.counts_moments)
    for part in context.content.rules.windows.of(counts_moments=program.counts_moments):
        window_id = new_id()
        public_key = None
        if program.key_holder != CUSTODIAN:
            with context.vault.transaction() as vault_tx:
                public_key = add_window_key(vault_tx, context.keyring, window_id)
        ballots.add_window(tx, window_id, program.id, part.name, public_key)


def require_budget(context: Context, epsilon_milli: int, *, counts_moments: bool) -> None:
    """Refuse what would spend more than the privacy budget; `epsilon_milli` is what each count spends.

    Raises:
        SettingsError: its counts together would.
    """
    rules = context.content.rules
    counts = FIGURES[Tier.MOMENTS] if counts_moments else len(rules.windows.of(counts_moments=counts_moments))
    if counts * epsilon_milli > rules.publishing.epsilon_budget * 1000:
        raise SettingsError(
            f"{counts} counts at epsilon {epsilon_milli / 1000:g} spend more than the budget of "
            f"{rules.publishing.epsilon_budget:g}. What is counted cannot be chosen so here; whoever runs "
            "allybot can set a smaller epsilon_per_release."
        )


def set_closing(context: Context, tx: Transaction, program_id: str) -> None:
    """Set when the open windows of a program close, from the training date of its last cohort.

    Raises:
        NotFoundError: there is no such program.
    """
    program = programs.program_by_id(tx, program_id)
    if program is None:
        raise NotFoundError
    trainings = [cohort.training_ended_on for cohort in programs.cohorts(tx, program_id)]
    rules = context.content.rules
    parts = rules.windows.of(counts_moments=program.counts_moments)
    ends = {part.name: part.ends_on_day for part in parts}
    for window in ballots.windows_of(tx, program_id):
        if trainings and window.state is WindowState.OPEN and window.name in ends:
            closes_at = closing_moment(
                max(trainings),
                ends[window.name],
                rules.windows.grace_days,
                rules.check_ins.local_time,
                program.zone,
            )
            ballots.set_window(tx, window.id, closes_at=closes_at)


def window_for_step(context: Context, tx: Transaction, program_id: str, step: int) -> str | None:
    """The id of the window in which a step of the ladder counts; None for the re-plan."""
    names = [part.name for part in context.content.rules.windows.of_step(step)]
    window = ballots.window_named(tx, program_id, *names) if names else None
    return window.id if window else None


def keygen() -> tuple[str, str]:
    """A custodian's key pair as text: (private, public). Only the public key is given to the host."""
    private, public = new_window_keys()
    return _as_text(_PRIVATE, private), _as_text(_PUBLIC, public)


def hand_in_public_key(
    context: Context, program: str, window: str, public: str, workspace: str | None = None
) -> None:
    """Store a window's public key, once. Until then no answer counts.

    Args:
        context: the databases.
        program: its name.
        window: its name, such as `1-6`.
        public: as made by `keygen`.
        workspace: Slack's team id, if several have a program of this name.

    Raises:
        NotFoundError: there is no such program or window.
        UserError: this is not a public key.
        WrongStateError: the vault holds the program's keys, or the window already has a key or is closed.
    """
    key = public_key_from(public)
    with context.database.transaction() as tx:
        hand_in(tx, program, window, key, workspace)


def hand_in(tx: Transaction, program: str, window: str, key: bytes, workspace: str | None) -> str:
    """Store a window's public key of 32 bytes, once; returns the window's id. The callers name the errors."""
    of, found = named_window(tx, program, window, workspace)
    if of.key_holder != CUSTODIAN:
        raise WrongStateError(f"The keys of {of.name} are in the vault; it has no custodian.")
    if found.state is not WindowState.OPEN:
        raise WrongStateError(f"Window {found.name} is closed.")
    if not ballots.give_key(tx, found.id, key):
        raise WrongStateError(f"Window {found.name} has its key already; answers may be sealed with it.")
    return found.id


def show(context: Context, program: str, workspace: str | None = None) -> list[WindowStatus]:
    """A program's windows for the operator.

    Raises:
        NotFoundError: there is no such program.
    """
    with context.database.reading() as tx, context.vault.reading() as vault_tx:
        of = named_program(tx, program, workspace)
        return [
            WindowStatus(
                window.name,
                window.state,
                window.closes_at.astimezone(of.zone).date() if window.closes_at else None,
                _key_status(of, window, is_in_vault=has_window_key(vault_tx, window.id)),
                window.waits_until.astimezone(of.zone).date()
                if window.waits_until and window.state is WindowState.WAITING
                else None,
            )
            for window in ballots.windows_of(tx, of.id)
        ]


def named_program(tx: Transaction, name: str, workspace: str | None) -> Program:
    """The program of this name.

    Raises:
        NotFoundError: there is none.
        UserError: several workspaces have one, and none was named.
    """
    found = [program for program in programs.programs(tx, workspace) if program.name == name]
    if not found:
        raise NotFoundError(f"There is no program named {name!r}. `allybot program list` shows them all.")
    if len(found) > 1:
        raise UserError(f"Several workspaces have a program named {name!r}; say which workspace is meant.")
    return found[0]


def named_window(tx: Transaction, program: str, window: str, workspace: str | None) -> tuple[Program, Window]:
    """A program and its window, by their names.

    Raises:
        NotFoundError: there is no such program or window.
        UserError: several workspaces have such a program.
    """
    of = named_program(tx, program, workspace)
    found = ballots.window_named(tx, of.id, window)
    if found is None:
        names = ", ".join(each.name for each in ballots.windows_of(tx, of.id))
        raise NotFoundError(f"{of.name} has no window {window!r}; its windows are {names}.")
    return of, found


def private_key_from(text: str, window: Window) -> bytes:
    """Parse a custodian's private key and check it against the window's public key.

    Raises:
        UserError: this is not a private key, or it belongs to another window.
    """
    private = _from_text(_PRIVATE, text)
    check_fits(private, window)
    return private


def check_fits(private: bytes, window: Window) -> None:
    """Check a private key of 32 bytes against the window's public key.

    Raises:
        UserError: it belongs to another window.
    """
    probe = bytes(PAYLOAD_BYTES)
    try:
        fits = window.public_key is not None and unseal(private, seal(window.public_key, probe)) == probe
    except DecryptionError:
        fits = False
    if not fits:
        raise UserError(f"That key does not belong to window {window.name}.")


def public_key_as_text(public: bytes) -> str:
    """A public key of 32 bytes as the command line prints it."""
    return _as_text(_PUBLIC, public)


def public_key_from(text: str) -> bytes:
    """The 32 bytes of a public key.

    Raises:
        UserError: this is not a public key.
    """
    return _from_text(_PUBLIC, text)


def _key_status(program: Program, window: Window, *, is_in_vault: bool) -> str:
    if program.key_holder == CUSTODIAN:
        if window.public_key is None:
            return "missing"
        return "split: vault and custodian" if is_in_vault else "with its custodian"
    return "deleted" if window.key_destroyed_on else "in the vault"


def _as_text(prefix: str, key: bytes) -> str:
    return prefix + base64.urlsafe_b64encode(key).decode()


def _from_text(prefix: str, text: str) -> bytes:
    encoded = text.strip()
    try:
        key = base64.b64decode(encoded.removeprefix(prefix), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not encoded.startswith(prefix) or len(key) != KEY_BYTES:
        raise UserError(f"That is not a key that begins with {prefix}; `allybot window keygen` makes one.")
    return key
