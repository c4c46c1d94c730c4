"""Checks of the databases, their schema and files, and the keys in the vault."""

from allybot.app import schema_is_current
from allybot.doctor.finding import Finding
from allybot.services.context import Context
from allybot.services.data import key_check, key_rotation
from allybot.services.data.key_check import Unready


def vault(context: Context) -> Finding:
    """Whether the vault is a file or cluster of its own."""
    if key_check.vault_is_apart(context):
        return Finding("vault", good=True, say="apart from the database")
    say = (
        "ALLYBOT_VAULT_URL is the same file or PostgreSQL cluster as DATABASE_URL, so backups, logs and "
        "replicas of one hold the other, and deleted keys may live on in them. Give the vault a file or a "
        "cluster of its own, without archive or replica."
    )
    return Finding("vault", good=False, say=say)


def schema(context: Context) -> Finding:
    """Whether the schema is the newest."""
    if schema_is_current(context):
        return Finding("database", good=True, say="reachable, newest schema")
    return Finding("database", good=False, say="The schema is not the newest. Run `allybot migrate`.")


def file_rights(context: Context) -> list[Finding]:
    """Database files that other users of this machine can read."""
    files = key_check.files_open_to_others(context)
    if not files:
        return []
    say = f"Other users of this machine can read {', '.join(files)}. Run `chmod 600` on them as their owner."
    return [Finding("files", good=False, say=say)]


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
