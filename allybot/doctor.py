"""What is wrong with this installation, and what to do about it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from allybot.app import assemble_house, schema_is_current
from allybot.errors import (
    AllybotError,
    DatabaseUnavailable,
    NotFound,
    SettingsProblem,
    SlackProblem,
    Undecipherable,
)
from allybot.services import checkup, key_rotation, parking, workspaces
from allybot.services.checkup import Unready
from allybot.services.house import House
from allybot.settings import SLACK_ITSELF, Settings, from_environment
from allybot.slack_gateway import SlackGateway


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `say` is what is so, or what to do; it never holds a secret."""

    what: str
    good: bool
    say: str


def examine_environment() -> list[Finding]:
    """Look at everything, beginning with whether the environment can be used at all."""
    try:
        settings = from_environment()
    except SettingsProblem as error:
        return [Finding("settings", good=False, say=str(error))]
    return examine(settings)


def examine(settings: Settings) -> list[Finding]:
    """Look at settings, content, databases, Slack, the outbox, windows and keys, in that order."""
    try:
        house = assemble_house(settings)
    except AllybotError as error:
        return [Finding("settings and content", good=False, say=str(error))]
    found = [Finding("settings and content", good=True, say="complete and valid")]
    try:
        found.append(_vault(house))
        found.append(_schema(house))
        if found[-1].good:
            found += _data(house, settings)
    except DatabaseUnavailable as error:
        say = f"{error} Check DATABASE_URL and ALLYBOT_VAULT_URL, and that both can be written."
        found.append(Finding("database", good=False, say=say))
    except AllybotError as error:
        found.append(Finding("database", good=False, say=str(error)))
    finally:
        house.database.close()
        house.vault.close()
    found += _tokens(settings)
    return found


def _data(house: House, settings: Settings) -> list[Finding]:
    """What the databases hold. A row that cannot be read ends one look and no other."""
    looks: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("workspaces", lambda: _workspaces(house, settings)),
        ("outbox", lambda: [_parked(house), *_put_aside(house)]),
        ("windows", lambda: [_window(each) for each in checkup.unready_windows(house)]),
        ("plan library", lambda: [_library(each) for each in checkup.libraries_of_nobody(house)]),
        ("secret key", lambda: _secret_key(house)),
    )
    found: list[Finding] = []
    for what, look in looks:
        try:
            found += look()
        except DatabaseUnavailable:
            raise
        except AllybotError as error:
            found.append(Finding(what, good=False, say=str(error)))
    return found


def _vault(house: House) -> Finding:
    if checkup.vault_is_apart(house):
        return Finding("vault", good=True, say="apart from the database")
    say = (
        "ALLYBOT_VAULT_URL is the same file or PostgreSQL cluster as DATABASE_URL, so backups, logs and "
        "replicas of one hold the other, and destroyed keys may live on in them. Give the vault a file or a "
        "cluster of its own, without archive or replica."
    )
    return Finding("vault", good=False, say=say)


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


def _library(program: str) -> Finding:
    say = (
        f"A file in programs/ of the content names the program “{program}”, and there is none of that name. "
        "Compare `allybot program list`; until the names agree, nobody gets that file's plans."
    )
    return Finding("plan library", good=False, say=say)


def _secret_key(house: House) -> list[Finding]:
    found = key_rotation.wraps(house)
    if found.unreadable:
        say = (
            f"{found.unreadable} of {found.total} stored keys and tokens can be opened by none of the keys "
            "in ALLYBOT_SECRET_KEY. "
        )
        say += (
            "Add the key they were wrapped with, after a comma; until then what they open is put aside."
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


def _schema(house: House) -> Finding:
    if schema_is_current(house):
        return Finding("database", good=True, say="reachable, newest schema")
    return Finding("database", good=False, say="The schema is not the newest. Run `allybot migrate`.")


def _tokens(settings: Settings) -> list[Finding]:
    found = []
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        say = "Set SLACK_APP_TOKEN for `allybot run`, or SLACK_SIGNING_SECRET for `allybot web`."
        found.append(Finding("the way in from Slack", good=False, say=say))
    if (settings.slack_client_id is None) != (settings.slack_client_secret is None):
        say = "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or neither."
        found.append(Finding("installing", good=False, say=say))
    elif settings.slack_client_id is not None and settings.slack_signing_secret is None:
        say = "/slack/install is served by `allybot web`, which needs SLACK_SIGNING_SECRET."
        found.append(Finding("installing", good=False, say=say))
    if settings.slack_api_url != SLACK_ITSELF:
        found.append(Finding("Slack", good=True, say="SLACK_API_URL points at a rehearsal, not at Slack"))
    if settings.clock_offset:
        found.append(Finding("clock", good=True, say=f"moved by {settings.clock_offset} for a rehearsal"))
    return found


def _workspaces(house: House, settings: Settings) -> list[Finding]:
    known = workspaces.known(house)
    installs = settings.slack_client_id is not None and settings.slack_client_secret is not None
    how = "open /slack/install of `allybot web`" if installs else "set SLACK_BOT_TOKEN and run allybot"
    if not known and settings.slack_bot_token is None:
        return [Finding("workspaces", good=False, say=f"None is connected: {how}.")]
    slack = SlackGateway(lambda each: workspaces.token_of(house, each), settings.slack_api_url)
    found, asked = [], ""
    if settings.slack_bot_token is not None:
        asked, finding = _env_token(slack, settings.slack_bot_token.get_secret_value())
        found.append(finding)
    for each in known:
        what = f"workspace {each.name or each.id}"
        if each.state == "stopped":
            say = f"Stopped: Slack said {each.stopped_reason}. To install the app again, {how}."
            found.append(Finding(what, good=False, say=say))
        elif each.id != asked:
            found.append(_installed(house, slack, each.id, what))
    return found


def _env_token(slack: SlackGateway, token: str) -> tuple[str, Finding]:
    """The workspace of SLACK_BOT_TOKEN, or nothing where Slack does not know the token."""
    try:
        who = slack.identify(token)
    except SlackProblem as error:
        say = f"Slack did not accept SLACK_BOT_TOKEN ({error.reason}). Copy it anew from the app's page."
        return "", Finding("bot token", good=False, say=say if error.permanent else _away(error))
    finding = Finding(f"workspace {who.workspace_name}", good=True, say="Slack knows the bot token")
    return who.workspace_id, finding


def _installed(house: House, slack: SlackGateway, workspace_id: str, what: str) -> Finding:
    try:
        slack.identify(workspaces.token_of(house, workspace_id))
    except SlackProblem as error:
        say = f"Slack did not accept its token ({error.reason}). Install the app there again."
        return Finding(what, good=False, say=say if error.permanent else _away(error))
    except (NotFound, Undecipherable):
        say = "Its token cannot be read with ALLYBOT_SECRET_KEY. Add the key it was wrapped with."
        return Finding(what, good=False, say=say)
    return Finding(what, good=True, say="Slack knows the bot token")


def _away(error: SlackProblem) -> str:
    return f"Slack gave no answer ({error.reason}). Check SLACK_API_URL and the network."


def _parked(house: House) -> Finding:
    waiting = len(parking.parked(house))
    if not waiting:
        return Finding("outbox", good=True, say="nothing is parked")
    return Finding("outbox", good=False, say=f"{waiting} parked: see `allybot outbox list`.")


def _put_aside(house: House) -> list[Finding]:
    """Rows that something due could not be done for, those of one story and reason together."""
    kinds = Counter((each.row.story, each.meaning, each.remedy) for each in parking.put_aside(house))
    return [
        Finding(
            story,
            good=False,
            say=(
                f"Put aside, and tried again every hour: {number}. {meaning} {remedy} "
                "`allybot outbox list` names each, `allybot outbox retry --all` tries all of it again."
            ),
        )
        for (story, meaning, remedy), number in kinds.items()
    ]
