"""`allybot doctor`: what is wrong with this installation, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass

from allybot.app import assemble_context
from allybot.clock import shifted
from allybot.doctor import clocks, databases, programs, requests, rows, tokens, workspaces
from allybot.doctor.finding import Finding
from allybot.errors import AllybotError, DatabaseUnavailableError, SettingsError
from allybot.services.context import Context
from allybot.services.programs.workspaces import token_of
from allybot.settings import Settings, from_environment
from allybot.slack.gateway import SlackGateway

__all__ = ["CHECKS", "Finding", "examine", "examine_environment", "found_at_start"]


@dataclass(frozen=True)
class Subject:
    """What is examined: an installation whose databases can be used."""

    settings: Settings
    context: Context
    slack: SlackGateway


@dataclass(frozen=True)
class Check:
    """One check. A row that cannot be read ends its own check only.

    Attributes:
        what: named where the check itself fails.
        at_start: also made when a process starts, since it is quick and asks Slack nothing.
    """

    what: str
    run: Callable[[Subject], list[Finding]]
    at_start: bool = False


CHECKS = (
    Check("settings", lambda on: tokens.slack_settings(on.settings), at_start=True),
    Check("files", lambda on: databases.file_rights(on.context), at_start=True),
    Check("disk", lambda on: databases.disk(on.context), at_start=True),
    Check("workspaces", lambda on: workspaces.connected_workspaces(on.context, on.settings, on.slack)),
    Check("app token", lambda on: tokens.app_token(on.settings)),
    Check("signing secret", lambda on: requests.signing_secret(on.context, on.settings), at_start=True),
    Check("client secret", lambda on: requests.client_secret(on.settings, on.slack)),
    Check("workers", lambda on: [*clocks.workers(on.context), *programs.worker_runs(on.context)]),
    Check("outbox", lambda on: [rows.parked_messages(on.context), *rows.parked_rows_findings(on.context)]),
    Check(
        "programs",
        lambda on: programs.programs_and_circles(on.context, on.slack, shifted(on.settings.offset)()),
    ),
    Check("windows", lambda on: databases.windows(on.context), at_start=True),
    Check("plan library", lambda on: databases.plan_libraries(on.context), at_start=True),
    Check("secret key", lambda on: databases.secret_key(on.context), at_start=True),
)
"""Every check of an installation whose settings, content and databases can be used at all."""


SCREENS = Check("screens", lambda on: workspaces.screens_shown(on.context, on.settings, on.slack))
"""Made only when asked for: it asks Slack some hundred times."""


def examine_environment(*, with_screens: bool = False) -> list[Finding]:
    """Check the environment, then everything else."""
    try:
        settings = from_environment()
    except SettingsError as error:
        return [Finding("settings", good=False, say=str(error))]
    return examine(settings, with_screens=with_screens)


def examine(settings: Settings, *, with_screens: bool = False) -> list[Finding]:
    """Check settings, content and databases, then everything of `CHECKS`, and `SCREENS` if wanted.

    Where the databases cannot be used, only what needs none is checked.
    """
    try:
        context = assemble_context(settings)
    except AllybotError as error:
        return [Finding("settings and content", good=False, say=str(error))]
    found = [Finding("settings and content", good=True, say="complete and valid")]
    slack = SlackGateway(lambda each: token_of(context, each), settings.slack_api_url)
    try:
        both, usable = databases.both(context)
        found += both
        if usable:
            checks = (*CHECKS, SCREENS) if with_screens else CHECKS
            found += _run(checks, Subject(settings, context, slack))
        else:
            found += [
                *databases.file_rights(context),
                *tokens.slack_settings(settings),
                *tokens.app_token(settings),
                *requests.client_secret(settings, slack),
            ]
    finally:
        context.database.close()
        context.vault.close()
    return found


def found_at_start(settings: Settings, context: Context, slack: SlackGateway) -> list[Finding]:
    """What is wrong by the quick checks, for the log of a process that starts."""
    checks = tuple(check for check in CHECKS if check.at_start)
    return [each for each in _run(checks, Subject(settings, context, slack)) if not each.good]


def _run(checks: tuple[Check, ...], subject: Subject) -> list[Finding]:
    found: list[Finding] = []
    for check in checks:
        try:
            found += check.run(subject)
        except DatabaseUnavailableError as error:
            return [*found, Finding("database", good=False, say=str(error))]
        except AllybotError as error:
            found.append(Finding(check.what, good=False, say=str(error)))
    return found
