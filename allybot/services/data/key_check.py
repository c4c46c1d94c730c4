"""Checks of keys and windows for `allybot doctor`."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.windows import Window, WindowState
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.services.outcomes.windows import CUSTODIAN
from allybot.store.data.same_server import same_place
from allybot.store.outcomes import ballots
from allybot.store.programs import programs
from allybot.store.vault.vault import private_key_of


@dataclass(frozen=True)
class Unready:
    """A window with a problem.

    Attributes:
        closes_on: in the program's zone; None while it has no cohort.
        waits: True: closed and cannot be published; False: open and cannot take answers.
        custodian: whether a custodian holds its key.
    """

    program: str
    window: str
    closes_on: date | None
    waits: bool
    custodian: bool


def unready_windows(context: Context) -> list[Unready]:
    """Custodian windows without their public key, and windows to be counted whose key cannot be read."""
    found: list[Unready] = []
    with context.database.reading() as tx:
        for program in programs.programs(tx):
            custodian = program.key_holder == CUSTODIAN
            for window in ballots.windows_of(tx, program.id):
                lacks = window.state is WindowState.OPEN and window.public_key is None
                due = window.state in {WindowState.CLOSED, WindowState.WAITING}
                waits = due and (custodian or not _readable(context, window))
                if lacks or waits:
                    day = window.closes_at.astimezone(program.zone).date() if window.closes_at else None
                    found.append(Unready(program.name, window.name, day, waits, custodian))
    return found


def orphaned_libraries(context: Context) -> list[str]:
    """Programs named by a plan library that do not exist, mostly a misspelt name."""
    with context.database.reading() as tx:
        known = {program.name for program in programs.programs(tx)}
    return sorted(set(context.content.programs) - known)


def vault_is_apart(context: Context) -> bool:
    """Whether the vault is not in the same file or PostgreSQL cluster as the database."""
    return not same_place(context.database, context.vault)


def files_open_to_others(context: Context) -> list[str]:
    """Files of the database and the vault that other users of the host may read."""
    stores = (context.database, context.vault)
    return [str(path) for store in stores for path in store.files_open_to_others()]


def _readable(context: Context, window: Window) -> bool:
    try:
        with context.vault.reading() as vault_tx:
            return private_key_of(vault_tx, context.keyring, window.id) is not None
    except DecryptionError:
        return False
