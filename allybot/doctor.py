"""What is wrong with this installation, and what to do about it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from allybot.app import assemble_context, schema_is_current
from allybot.clock import real_now
from allybot.content import bot_scopes, default_directory
from allybot.errors import (
    AllybotError,
    DatabaseUnavailableError,
    DecryptionError,
    NotFoundError,
    SettingsError,
    SlackError,
)
from allybot.services.context import Context
from allybot.services.data import key_check, key_rotation
from allybot.services.data.key_check import Unready
from allybot.services.delivery import clock_agreement, parked
from allybot.services.delivery.clock_agreement import Reason
from allybot.services.delivery.config import DeliveryRules
from allybot.services.programs import workspaces
from allybot.settings import SLACK_ITSELF, Settings, from_environment
from allybot.slack.gateway import Identity, SlackGateway


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
    except SettingsError as error:
        return [Finding("settings", good=False, say=str(error))]
    return examine(settings)


def examine(settings: Settings) -> list[Finding]:
    """Look at settings, content, databases, Slack, the outbox, windows and keys, in that order."""
    try:
        context = assemble_context(settings)
    except AllybotError as error:
        return [Finding("settings and content", good=False, say=str(error))]
    found = [Finding("settings and content", good=True, say="complete and valid")]
    try:
        found.append(_vault(context))
        found.append(_schema(context))
        if found[-1].good:
            found += _data(context, settings)
        found += _files(context)
    except DatabaseUnavailableError as error:
        say = f"{error} Check DATABASE_URL and ALLYBOT_VAULT_URL, and that both can be written."
        found.append(Finding("database", good=False, say=say))
    except AllybotError as error:
        found.append(Finding("database", good=False, say=str(error)))
    finally:
        context.database.close()
        context.vault.close()
    found += _tokens(settings)
    found += _app_token(settings)
    return found


def _data(context: Context, settings: Settings) -> list[Finding]:
    """What the databases hold. A row that cannot be read ends one look and no other."""
    looks: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("workspaces", lambda: _workspaces(context, settings)),
        ("workers", lambda: _workers(context)),
        ("outbox", lambda: [_parked(context), *_put_aside(context)]),
        ("windows", lambda: [_window(each) for each in key_check.unready_windows(context)]),
        ("plan library", lambda: [_library(each) for each in key_check.orphaned_libraries(context)]),
        ("secret key", lambda: _secret_key(context)),
    )
    found: list[Finding] = []
    for what, look in looks:
        try:
            found += look()
        except DatabaseUnavailableError:
            raise
        except AllybotError as error:
            found.append(Finding(what, good=False, say=str(error)))
    return found


def _vault(context: Context) -> Finding:
    if key_check.vault_is_apart(context):
        return Finding("vault", good=True, say="apart from the database")
    say = (
        "ALLYBOT_VAULT_URL is the same file or PostgreSQL cluster as DATABASE_URL, so backups, logs and "
        "replicas of one hold the other, and deleted keys may live on in them. Give the vault a file or a "
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


def _secret_key(context: Context) -> list[Finding]:
    found = key_rotation.wraps(context)
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


def _files(context: Context) -> list[Finding]:
    files = key_check.files_open_to_others(context)
    if not files:
        return []
    say = f"Other users of this machine can read {', '.join(files)}. Run `chmod 600` on them as their owner."
    return [Finding("files", good=False, say=say)]


def _schema(context: Context) -> Finding:
    if schema_is_current(context):
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
        found.append(Finding("Slack", good=True, say="SLACK_API_URL points at an emulator, not at Slack"))
    if settings.clock_offset:
        found.append(Finding("clock", good=True, say=f"offset by {settings.clock_offset}, for the emulator"))
    return found


def _workspaces(context: Context, settings: Settings) -> list[Finding]:
    known = workspaces.known(context)
    installs = settings.slack_client_id is not None and settings.slack_client_secret is not None
    how = "open /slack/install of `allybot web`" if installs else "set SLACK_BOT_TOKEN and run allybot"
    if not known and settings.slack_bot_token is None:
        return [Finding("workspaces", good=False, say=f"None is connected: {how}.")]
    slack = SlackGateway(lambda each: workspaces.token_of(context, each), settings.slack_api_url)
    needed = frozenset(bot_scopes(*(place for place in (settings.config, default_directory()) if place)))
    found, asked = [], ""
    if settings.slack_bot_token is not None:
        asked, finding = _env_token(slack, settings.slack_bot_token.get_secret_value(), needed)
        found.append(finding)
    for each in known:
        what = f"workspace {each.name or each.id}"
        if each.state == "stopped":
            say = f"Stopped: Slack said {each.stopped_reason}. To install the app again, {how}."
            found.append(Finding(what, good=False, say=say))
        elif each.id != asked:
            found.append(_installed(context, slack, each.id, what, needed))
    shown = slack.time()
    return found if shown is None else [*found, _host_clock(real_now() - shown)]


def _host_clock(ahead: timedelta) -> Finding:
    if abs(ahead) <= DeliveryRules().clock_tolerance:
        return Finding("clock of this host", good=True, say="it is Slack's")
    say = (
        f"It is {_how_far(ahead)} Slack's, so a worker here does nothing, and from five minutes on what "
        "Slack sends to `allybot web` is refused. Set it, best by NTP: `timedatectl set-ntp true`."
    )
    return Finding("clock of this host", good=False, say=say)


def _workers(context: Context) -> list[Finding]:
    """Those that gave a sign of life within the last minute and a half."""
    found = []
    for sign in clock_agreement.live_workers(context):
        what, ahead = f"worker {sign.worker}", sign.program_ahead
        if sign.refuses is None:
            moved = f", its clock moved {_how_far(ahead)} the database's" if abs(ahead) > _A_MINUTE else ""
            found.append(Finding(what, good=True, say=f"acts{moved}"))
            continue
        found.append(Finding(what, good=False, say=_WORKER_REFUSES[Reason(sign.refuses)]))
    return found


_A_MINUTE = timedelta(minutes=1)
_WORKER_REFUSES = {
    Reason.SLACK_CLOCK: (
        "It does nothing: its host's clock is not Slack's. Run `allybot doctor` there, and set the clock, "
        "best by NTP; it goes on by itself."
    ),
    Reason.SLACK_SILENT: (
        "It does nothing yet: Slack has not answered it. Check SLACK_API_URL and the network of its host."
    ),
    Reason.OTHER_WORKER: (
        "It does nothing: another worker acts at another time. Give all of them the same "
        "ALLYBOT_CLOCK_OFFSET, or none, and set their hosts' clocks, best by NTP."
    ),
}


def _how_far(ahead: timedelta) -> str:
    seconds = round(abs(ahead).total_seconds())
    return f"{timedelta(seconds=seconds)} (h:mm:ss) {'ahead of' if ahead > timedelta() else 'behind'}"


def _env_token(slack: SlackGateway, token: str, needed: frozenset[str]) -> tuple[str, Finding]:
    """The workspace of SLACK_BOT_TOKEN, or nothing where Slack does not know the token."""
    other = _other_kind(token, "xoxb-")
    if other:
        say = f"SLACK_BOT_TOKEN holds {other}, not a bot token (xoxb-…). {_WHERE_BOT_TOKENS_ARE}"
        return "", Finding("bot token", good=False, say=say)
    try:
        who = slack.identify(token)
    except SlackError as error:
        say = f"Slack did not accept SLACK_BOT_TOKEN ({error.reason}). {_WHERE_BOT_TOKENS_ARE}"
        return "", Finding("bot token", good=False, say=say if error.permanent else _away(error))
    return who.workspace_id, _granted(f"workspace {who.workspace_name}", who, needed)


def _installed(
    context: Context, slack: SlackGateway, workspace_id: str, what: str, needed: frozenset[str]
) -> Finding:
    try:
        who = slack.identify(workspaces.token_of(context, workspace_id))
    except SlackError as error:
        say = f"Slack did not accept its token ({error.reason}). Install the app there again."
        return Finding(what, good=False, say=say if error.permanent else _away(error))
    except (NotFoundError, DecryptionError):
        say = "Its token cannot be read with ALLYBOT_SECRET_KEY. Add the key it was wrapped with."
        return Finding(what, good=False, say=say)
    return _granted(what, who, needed)


def _granted(what: str, who: Identity, needed: frozenset[str]) -> Finding:
    """Whether a token has the scopes of the manifest: an app that was changed has to be installed again."""
    missing = sorted(needed - (needed if who.scopes is None else who.scopes))
    if not missing:
        return Finding(what, good=True, say="Slack knows the bot token, with every scope it needs")
    say = (
        f"The scopes {', '.join(missing)} are missing. Add them on the app's page, under OAuth & "
        "Permissions, and install the app again; where SLACK_BOT_TOKEN is set, copy the new token into it."
    )
    return Finding(what, good=False, say=say)


def _app_token(settings: Settings) -> list[Finding]:
    """Whether Socket Mode could connect with SLACK_APP_TOKEN, where it is set."""
    if settings.slack_app_token is None:
        return []
    token = settings.slack_app_token.get_secret_value()
    what, other = "app token", _other_kind(token, "xapp-")
    if other:
        say = f"SLACK_APP_TOKEN holds {other}, not an app-level token (xapp-…). {_WHERE_APP_TOKENS_ARE}"
        return [Finding(what, good=False, say=say)]
    try:
        SlackGateway(lambda _workspace: "", settings.slack_api_url).try_app_token(token)
    except SlackError as error:
        if not error.permanent:
            return [Finding(what, good=False, say=_away(error))]
        say = f"Slack did not accept SLACK_APP_TOKEN ({error.reason}). "
        off = error.reason == "socket_mode_not_enabled"
        return [Finding(what, good=False, say=say + (_SOCKET_MODE_OFF if off else _WHERE_APP_TOKENS_ARE))]
    return [Finding(what, good=True, say="Slack knows it")]


_KINDS = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a person's token"}
_WHERE_BOT_TOKENS_ARE = "Copy it anew from the app's page, under OAuth & Permissions."
_WHERE_APP_TOKENS_ARE = (
    "Make one on the app's page, under Basic Information, App-Level Tokens, with the scope connections:write."
)
_SOCKET_MODE_OFF = (
    "Switch on Socket Mode on the app's page for `allybot run`; for `allybot web` leave SLACK_APP_TOKEN "
    "unset."
)


def _other_kind(token: str, wanted: str) -> str | None:
    """What a token is, by how Slack lets its kind begin, where it is surely not what is wanted."""
    return next((kind for start, kind in _KINDS.items() if start != wanted and token.startswith(start)), None)


def _away(error: SlackError) -> str:
    return f"Slack gave no answer ({error.reason}). Check SLACK_API_URL and the network."


def _parked(context: Context) -> Finding:
    waiting = len(parked.parked(context))
    if not waiting:
        return Finding("outbox", good=True, say="nothing is parked")
    return Finding("outbox", good=False, say=f"{waiting} parked: see `allybot outbox list`.")


def _put_aside(context: Context) -> list[Finding]:
    """Rows that something due could not be done for, those of one story and reason together."""
    kinds = Counter((each.row.story, each.meaning, each.remedy) for each in parked.parked_rows(context))
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
