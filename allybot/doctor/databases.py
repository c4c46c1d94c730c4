"""Checks of the databases, their schema and files, and the keys in the vault."""

from allybot.doctor.finding import Finding
from allybot.errors import AllybotError
from allybot.services.context import Context
from allybot.services.data import key_check, key_rotation
from allybot.services.data.key_check import Unready
from allybot.services.data.moved_databases import what_was_moved
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import is_current


def _apart(context: Context) -> Finding:
    """Whether the vault is a file or cluster of its own."""
    if key_check.vault_is_apart(context):
        return Finding("vault", good=True, say="apart from the database")
    say = (
        "ALLYBOT_VAULT_URL is the same file or PostgreSQL cluster as DATABASE_URL, so backups, logs and "
        "replicas of one hold the other, and deleted keys may live on in them. Give the vault a file or a "
        "cluster of its own, without archive or replica."
    )
    return Finding("vault", good=False, say=say)


_RESERVE = 100 * 10**6


def both(context: Context) -> tuple[list[Finding], bool]:
    """Whether database and vault exist, are apart and have the newest schema; no missing file is created.

    Also whether both can be used, which they can where they are not apart.
    """
    try:
        if moved := what_was_moved(context.database, context.vault):
            return [Finding("database", good=False, say=moved)], False
    except AllybotError:
        pass  # said below, of the one that cannot be read
    database = _usable("database", context.database, "DATABASE_URL", "database")
    try:
        apart = _apart(context)
    except AllybotError as error:
        apart = Finding("vault", good=False, say=str(error))
        return [database, apart] if database.good else [apart, database], False
    vault = _usable("vault", context.vault, "ALLYBOT_VAULT_URL", "vault")
    both_good = database.good and vault.good
    if not apart.good:
        return [apart, database], both_good
    return [database, vault, apart] if both_good else [database, vault], both_good


def _usable(what: str, database: Database, setting: str, part: str) -> Finding:
    try:
        say = _wrong_with(database, setting, part)
    except AllybotError as error:
        say = str(error)
    return Finding(what, good=not say, say=say or f"{database.place}: reachable, newest schema")


def _wrong_with(database: Database, setting: str, part: str) -> str:
    if database.is_new():
        return (
            f"{database.place} is new and empty. Run `allybot migrate` to make it, or name the right one in "
            f"{setting}: a relative path begins in the folder where the command is typed."
        )
    if not is_current(database, part):
        return f"{database.place}: The schema is not the newest. Run `allybot migrate`."
    return ""


def file_rights(context: Context) -> list[Finding]:
    """Database files that other users of this machine can read."""
    files = key_check.files_open_to_others(context)
    if not files:
        return []
    say = f"Other users of this machine can read {', '.join(files)}. Run `chmod 600` on them as their owner."
    return [Finding("files", good=False, say=say)]


def disk(context: Context) -> list[Finding]:
    """SQLite databases whose disk could not take a copy of them and 100 MB; our own proposal."""
    found = []
    for database, setting in ((context.database, "DATABASE_URL"), (context.vault, "ALLYBOT_VAULT_URL")):
        room = database.room()
        if room and room.free < room.used + _RESERVE:
            say = (
                f"{database.place}: its disk has {room.free // 10**6} MB left, and the file takes "
                f"{room.used // 10**6} MB. When the disk is full, nothing is answered or sent: free some "
                f"space, or move the file and correct {setting}."
            )
            found.append(Finding("disk", good=False, say=say))
    return found


def windows(context: Context) -> list[Finding]:
    """Windows without a key, and closed ones that cannot be published yet."""
    return [_window(each) for each in key_check.unready_windows(context)]


def _window(each: Unready) -> Finding:
    what = f"window {each.window} of {each.program}"
    if not each.waits:
        say = (
            "It has no public key, so no answer counts. Ask its custodian for `allybot window keygen`, then "
            "run `allybot window hand-in`."
        )
    elif each.custodian:
        say = (
            "It has closed and waits for its custodian: `allybot window publish --key FILE`. Answers stay "
            "sealed meanwhile, and go unread when their people's rows are deleted."
        )
    else:
        say = (
            "It has closed, and the vault has no readable key for it. Check ALLYBOT_VAULT_URL and "
            "ALLYBOT_SECRET_KEY now: some days after it closed it becomes void (retention in allybot.toml)."
        )
    return Finding(what, good=False, say=say)


def plan_libraries(context: Context) -> list[Finding]:
    """Plan libraries of the content that name no existing program."""
    return [_library(each) for each in key_check.orphaned_libraries(context)]


def _library(program: str) -> Finding:
    say = (
        f"A file in programs/ of the content names the program “{program}”, and there is none of that name. "
        "Compare `allybot program list`; until the names agree, nobody gets that file's plans."
    )
    return Finding("plan library", good=False, say=say)


def secret_key(context: Context) -> list[Finding]:
    """Whether every stored key and token is wrapped with the first key of ALLYBOT_SECRET_KEY."""
    found = key_rotation.wraps(context)
    if found.unreadable:
        say = (
            f"{found.unreadable} of {found.total} stored keys and tokens can be opened by none of the keys "
            "in ALLYBOT_SECRET_KEY. "
        )
        say += (
            "Add the key they were wrapped with, after a comma; until then what they open is parked."
            if found.unreadable < found.total
            else "It is the wrong key: set the one they were wrapped with, and start allybot again."
        )
        return [Finding("secret key", good=False, say=say)]
    if found.older:
        say = (
            f"Wrapped with another key than the first of ALLYBOT_SECRET_KEY: {found.older} of {found.total}."
        )
        return [Finding("secret key", good=False, say=f"{say} Run `allybot rotate-keys`.")]
    return [Finding("secret key", good=True, say="everything is wrapped with the first key")]
