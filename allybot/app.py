"""The only place that builds engine, gateway, Bolt app and worker."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from allybot import handlers
from allybot.clock import Clock, real_now, shifted
from allybot.content import bot_scopes, default_directory, load_content
from allybot.crypto import Keyring
from allybot.domain.typed import understood
from allybot.errors import DatabaseUnavailableError, SettingsError
from allybot.services.context import Context
from allybot.services.data import database_move, erasure, key_rotation, suppression
from allybot.services.data.database_move import Moved
from allybot.services.data.known_databases import require_known_databases
from allybot.services.data.moved_databases import require_not_moved
from allybot.services.delivery import queue_metrics
from allybot.services.delivery.clock_agreement import live_workers
from allybot.services.delivery.config import DeliveryRules
from allybot.services.programs import workspaces
from allybot.services.programs.installation import SlackApp
from allybot.services.programs.token_refresh import Refresh, TokenSource
from allybot.services.renderers import render
from allybot.services.scheduled import jobs_of_a_worker
from allybot.settings import Settings
from allybot.slack.gateway import SlackGateway
from allybot.slack_app.background import AnswerThreads
from allybot.slack_app.installation import Installation
from allybot.slack_app.replies import HandlerContext
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate
from allybot.store.engine.shared_clock import SharedClock
from allybot.worker import Worker

LISTENER_THREADS = 3
"""Listeners at work at the same time. Each is a few milliseconds of Python and of waiting for the database;
more of them only fight over the interpreter: at 200 presses a second on two cores three acknowledged all
within a second, ten let 40 % go unacknowledged (`tests/inbound/test_load.py`, PostgreSQL)."""
PRESS_SECONDS = 2
"""How long a call may hang that answers a press: the press itself is good for three."""


@dataclass(frozen=True)
class Allybot:
    """A whole allybot, assembled and not yet running."""

    settings: Settings
    context: Context
    slack: SlackGateway
    bolt: App
    worker: Worker
    clock: Clock
    answers: AnswerThreads

    def workspace_names(self) -> list[str]:
        """The workspaces whose messages it sends, for the log."""
        return [each.name or each.id for each in workspaces.known(self.context) if each.state != "stopped"]

    def warm_up(self) -> None:
        """Compile what the first typed message would wait for: a second or two on a busy machine."""
        understood("", self.context.content.typed_words.listed)

    def close(self) -> None:
        """Let the listeners and their answers end, then let go of the databases."""
        self.bolt.listener_runner.listener_executor.shutdown()
        self.answers.close()
        self.context.database.close()
        self.context.vault.close()


def assemble_context(settings: Settings, *, seed: str = "") -> Context:
    """The databases, keys and content, checked.

    Raises:
        SettingsError, ContentError: something is missing or wrong; the message says what to do.
    """
    database, vault = databases(settings)
    return Context(
        database=database,
        vault=vault,
        keyring=Keyring(settings.required("secret_key")),
        content=load_content(settings.config),
        seed=seed,
    )


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    seed: str = "",
    rules: DeliveryRules | None = None,
    host: Clock = real_now,
) -> Allybot:
    """Build everything; nothing connects yet but the databases, lazily.

    Args:
        clock: what says what is due; by default the host's clock moved by ALLYBOT_CLOCK_OFFSET.
        seed: drives jitter, for demos.
        rules: the numbers of delivery; Slack's limits by default.
        host: the host's clock; a test may give a wrong one.

    Raises:
        SettingsError, ContentError: something is missing or wrong; the message says what to do.
    """
    context = assemble_context(settings, seed=seed)
    runs_on = clock or shifted(settings.offset, host)
    queue_metrics.serve(context, runs_on, rules or DeliveryRules())
    call_seconds = (rules or DeliveryRules()).call_seconds
    token_of = TokenSource(context, _refreshing(settings), host)
    slack = SlackGateway(token_of, settings.slack_api_url, call_seconds)
    real = SharedClock(context.database, host)
    jobs = jobs_of_a_worker(slack)
    worker = Worker(context, slack, runs_on, render, jobs, real=real, rules=rules, host=host)
    bolt = _bolt(settings)
    quick = SlackGateway(token_of, settings.slack_api_url, PRESS_SECONDS)
    answers = AnswerThreads()
    handlers.register(bolt, HandlerContext(context, quick, runs_on, worker.nudge, answers))
    return Allybot(settings, context, slack, bolt, worker, runs_on, answers)


def installation(allybot: Allybot) -> Installation | None:
    """The pages of an installation, or None where the app's id and secret are not both set.

    Raises:
        ContentError: the manifest cannot be read.
    """
    settings = allybot.settings
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        return None
    places = [place for place in (settings.config, default_directory()) if place]
    app = SlackApp(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        authorize_url=urljoin(settings.slack_api_url, "../oauth/v2/authorize"),
        scopes=bot_scopes(*places),
        allowed=settings.allowed_workspaces,
    )
    return Installation(allybot.context, allybot.slack, app)


def prepare(allybot: Allybot, *, any_key: bool = False, create: bool = True, wait_s: float = 0.0) -> None:
    """Bring the schema up to date and connect the workspace of SLACK_BOT_TOKEN, if one is set.

    Whoever was erased and came back in a restored backup is deleted before anything else, and whoever
    declined has declined again.

    Args:
        any_key: go on with a secret key that opens nothing, without connecting, which would wrap the token
            with it.
        create: whether a new database and a new vault get their first tables.
        wait_s: seconds in which another process that starts at the same time may be making them.

    Raises:
        WrongStateError: they are new and `create` is False, or only one of them is new.
        SettingsError: the secret key opens nothing of what is stored, or the bot token expires.
        SlackError: Slack cannot be reached or does not know the token.
    """
    require_known_databases(allybot.context, create=create, wait_s=wait_s)
    migrate(allybot.context.database, allybot.context.vault)
    try:
        key_rotation.check_key(allybot.context)
    except SettingsError:
        if not any_key:
            raise
        erasure.drop_erased(allybot.context)
        return
    erasure.drop_erased(allybot.context)
    suppression.decline_again(allybot.context, allybot.clock())
    token = allybot.settings.slack_bot_token
    if token is not None and token.get_secret_value().startswith("xoxe."):
        raise SettingsError(
            "SLACK_BOT_TOKEN expires within twelve hours: token rotation is switched on for this Slack app. "
            "Unset it, and install the app at /slack/install of `allybot web`: such tokens are refreshed."
        )
    if token is not None:
        who = allybot.slack.identify(token.get_secret_value())
        workspaces.connect(
            allybot.context, who.workspace_id, who.workspace_name, who.bot_user, token.get_secret_value()
        )


def healthy(allybot: Allybot) -> bool:
    """Whether the database can be reached and this process's worker, if it has one, acts."""
    try:
        workspaces.known(allybot.context)
    except DatabaseUnavailableError:
        return False
    return allybot.worker.refuses is None


def migrate_databases(settings: Settings) -> dict[str, bool]:
    """Bring both databases to the newest schema; their names, and whether each was new.

    Raises:
        DatabaseUnavailableError: one cannot be opened.
        WrongStateError: one was moved elsewhere.
    """
    database, vault = databases(settings)
    try:
        found = {each.place: each.is_new() for each in (database, vault)}
        require_not_moved(database, vault)
        migrate(database, vault)
    finally:
        database.close()
        vault.close()
    return found


def move_databases(settings: Settings, to: str, vault_to: str, *, stopped: bool) -> Moved:
    """Move the database and the vault to two new URLs, see `database_move.move`.

    Args:
        stopped: the workers are known to be dead, although one was heard of a moment ago.

    Raises:
        UserError: it cannot be done; the message says what to do.
    """
    context = assemble_context(settings)
    opened = [context.database, context.vault]
    try:
        targets = Database(to, setting="--to"), Database(vault_to, setting="--vault-to")
        opened += targets
        return database_move.move(
            context, *targets, real_now(), lambda: 0 if stopped else len(live_workers(context))
        )
    finally:
        for each in opened:
            each.close()


def databases(settings: Settings) -> tuple[Database, Database]:
    """The database and the vault, not opened yet.

    Raises:
        SettingsError: a URL cannot be used.
    """
    database = Database(settings.database_url.get_secret_value())
    return database, Database(settings.vault_url.get_secret_value(), setting="ALLYBOT_VAULT_URL")


def _refreshing(settings: Settings) -> Refresh | None:
    """What refreshes a bot token; None where the app's id and secret are not both set."""
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        return None
    slack = SlackGateway.without_token(settings.slack_api_url)
    return partial(slack.refresh, settings.slack_client_id, settings.slack_client_secret.get_secret_value())


def _bolt(settings: Settings) -> App:
    secret = settings.slack_signing_secret
    return App(
        # The name of its listeners' logger, whose words are withheld; without one Bolt looks at every caller.
        name="slack_bolt.listeners",
        authorize=_authorize,
        signing_secret=secret.get_secret_value() if secret else None,
        request_verification_enabled=secret is not None,
        client=WebClient(base_url=settings.slack_api_url, retry_handlers=[]),
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
    )


def _authorize(enterprise_id: str | None, team_id: str | None, **_rest: Any) -> AuthorizeResult:
    """Let Bolt pass everything on: no call to Slack and no query stands before an acknowledgement.

    Handlers look people up by workspace and Slack user, so in a workspace that is not ours nobody is found;
    and they speak through the gateway, which finds the token of the workspace itself.
    """
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
