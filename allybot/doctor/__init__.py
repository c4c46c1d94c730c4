"""`allybot doctor`: what is wrong with this installation, and what to do about it."""

from collections.abc import Callable

from allybot.app import assemble_context
from allybot.doctor import clocks, databases, rows, tokens, workspaces
from allybot.doctor.finding import Finding
from allybot.errors import AllybotError, DatabaseUnavailableError, SettingsError
from allybot.services.context import Context
from allybot.settings import Settings, from_environment

__all__ = ["Finding", "examine", "examine_environment"]


def examine_environment() -> list[Finding]:
    """Check the environment, then everything else."""
    try:
        settings = from_environment()
    except SettingsError as error:
        return [Finding("settings", good=False, say=str(error))]
    return examine(settings)


def examine(settings: Settings) -> list[Finding]:
    """Check settings, content, databases, workspaces, workers, outbox, windows, keys and tokens."""
    try:
        context = assemble_context(settings)
    except AllybotError as error:
        return [Finding("settings and content", good=False, say=str(error))]
    found = [Finding("settings and content", good=True, say="complete and valid")]
    try:
        usable = databases.both(context)
        found += usable
        if all(each.good for each in usable):
            found += _stored_data(context, settings)
        found += databases.file_rights(context)
    except AllybotError as error:
        found.append(Finding("database", good=False, say=str(error)))
    finally:
        context.database.close()
        context.vault.close()
    found += tokens.slack_settings(settings)
    found += tokens.app_token(settings)
    return found


def _stored_data(context: Context, settings: Settings) -> list[Finding]:
    """Checks of stored data. A row that cannot be read ends its own check only."""
    checks: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("workspaces", lambda: workspaces.connected_workspaces(context, settings)),
        ("workers", lambda: clocks.workers(context)),
        ("outbox", lambda: [rows.parked_messages(context), *rows.parked_rows_findings(context)]),
        ("windows", lambda: databases.windows(context)),
        ("plan library", lambda: databases.plan_libraries(context)),
        ("secret key", lambda: databases.secret_key(context)),
    )
    found: list[Finding] = []
    for what, check in checks:
        try:
            found += check()
        except DatabaseUnavailableError:
            raise
        except AllybotError as error:
            found.append(Finding(what, good=False, say=str(error)))
    return found
