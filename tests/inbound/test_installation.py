"""Installing into more workspaces: from /slack/install to a wrapped token, over HTTP, on both databases."""

import json
import logging
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from allybot import doctor, telemetry
from allybot.app import Allybot, assemble, healthy, installation
from allybot.clock import real_now
from allybot.content import default_directory
from allybot.errors import NotFoundError
from allybot.services.context import Context
from allybot.services.programs import installation as service
from allybot.services.programs import workspaces
from allybot.services.trainees import slack_events
from allybot.settings import Settings
from allybot.slack_app.http import application
from allybot.slack_app.installation import States
from allybot.store import tables
from slack_emulator import App, Emulator, EmulatorConfig, OrgWorkspace, Person, Team
from tests.conftest import SECRET

CLIENT_ID, CLIENT_SECRET = "100000000001.100000000002", "emulator-client-secret"
MANIFEST = default_directory() / "slack-manifest.json"
SCOPES = json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"]
NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def team(number: int) -> Team:
    return Team(
        id=f"T{number}", name=f"Works <{number}>", domain=f"works{number}", bot_token=f"xoxb-secret-{number}",
        bot_user_id=f"UBOT{number}", bot_id=f"BBOT{number}", installed=False,
        people=[Person(id=f"U{number}", name="al")],
    )  # fmt: skip


@pytest.fixture
def slack() -> Iterator[Emulator]:
    app = App(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, manifest=MANIFEST)
    organisation = team(3).model_copy(
        update={"id": "E3", "workspaces": [OrgWorkspace(id="T31", name="East", domain="east", added=False)]}
    )
    emulator = Emulator(EmulatorConfig(teams=[team(1), team(2), organisation], app=app))
    emulator.start()
    yield emulator
    emulator.stop()


def settings(slack: Emulator, urls: tuple[str, str], **more: Any) -> Settings:
    usual: dict[str, Any] = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_SIGNING_SECRET": SecretStr("the signing secret"),
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": SecretStr(CLIENT_SECRET),
        "DATABASE_URL": SecretStr(urls[0]),
        "ALLYBOT_VAULT_URL": SecretStr(urls[1]),
        "ALLYBOT_SECRET_KEY": SecretStr(SECRET),
    }
    return Settings(**{**usual, **more})


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class WebServer:
    """`allybot web` on a port of its own."""

    def __init__(self, bot: Allybot) -> None:
        served = application(bot.bolt, lambda: healthy(bot), "the signing secret", installation(bot))
        self.server: WSGIServer = make_server("127.0.0.1", 0, served, handler_class=Silent)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(5)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """Keeps the latest cookie, and follows no redirect."""

    def __init__(self) -> None:
        self.cookie = ""

    def __call__(self, url: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
        request = Request(url, method=method, headers={"Cookie": self.cookie})  # noqa: S310 - loopback
        try:
            with build_opener(_Stay).open(request, timeout=10) as answer:
                return self._seen(answer.status, answer)
        except HTTPError as other:
            with other:
                return self._seen(other.code, other)

    def _seen(self, status: int, answer: Any) -> tuple[int, str, dict[str, str]]:
        given = answer.headers["Set-Cookie"]
        self.cookie = given.partition(";")[0] if given else self.cookie
        return status, answer.read().decode(), {name.title(): value for name, value in answer.headers.items()}


look = Browser()


@pytest.fixture
def serve(slack: Emulator, database_url: str, vault_url: str) -> Iterator[Callable[..., WebServer]]:
    """Serves a bot with these settings."""
    opened: list[tuple[WebServer, Allybot]] = []

    def at(**more: Any) -> WebServer:
        bot = assemble(settings(slack, (database_url, vault_url), **more))
        opened.append((WebServer(bot), bot))
        return opened[-1][0]

    yield at
    for web, bot in opened:
        web.close()
        bot.close()


@pytest.fixture
def web(serve: Callable[..., WebServer]) -> WebServer:
    return serve()


def sent_to(web: WebServer) -> str:
    """Slack's page, as /slack/install names it."""
    status, _, headers = look(f"{web.url}/slack/install")
    assert status == HTTPStatus.FOUND
    return headers["Location"]


def sent_back(web: WebServer, **more: str) -> str:
    """The address Slack sends the browser back to after its consent."""
    return look(f"{sent_to(web)}&{urlencode(more)}" if more else sent_to(web))[2]["Location"]


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*)</h1>", page)
    assert found
    return unescape(found[1])


def rows(context: Context) -> list[Any]:
    with context.database.reading() as tx:
        return list(tx.execute(select(tables.installation)))


def test_an_installation_leads_over_slack_to_a_workspace_with_its_token(
    web: WebServer, context: Context
) -> None:
    status, page, headers = look(sent_back(web, team="T2"))
    assert (status, heading(page)) == (HTTPStatus.OK, "allybot is in Works <2>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    (known,) = workspaces.known(context)
    assert (known.id, known.name, known.bot_user, known.state) == ("T2", "Works <2>", "UBOT2", "active")
    assert workspaces.token_of(context, "T2") == "xoxb-secret-2"
    with context.database.reading() as tx:
        assert b"xoxb" not in tx.execute(select(tables.workspace.c.token_wrapped)).scalar_one()


def test_an_organisation_installs_it_for_all_its_workspaces_and_adds_it_to_them_later(
    serve: Callable[..., WebServer], context: Context
) -> None:
    web = serve(ALLYBOT_WORKSPACES="E3")
    status, page, _ = look(sent_back(web, team="E3"))
    assert (status, heading(page)) == (HTTPStatus.OK, "allybot is installed for Works <3>")
    assert "adds allybot to the workspaces whose people take part" in page
    (known,) = workspaces.known(context)
    assert (known.id, known.name, known.bot_user, known.state) == ("E3", "Works <3>", "UBOT3", "active")
    assert workspaces.token_of(context, "E3") == "xoxb-secret-3"
    assert look(sent_back(web, team="T2"))[0] == HTTPStatus.FORBIDDEN


def test_slack_is_asked_for_the_manifests_scopes(web: WebServer, slack: Emulator) -> None:
    location = urlsplit(sent_to(web))
    asked = dict(parse_qsl(location.query))
    assert f"{location.scheme}://{location.netloc}/" == slack.url
    assert location.path == "/oauth/v2/authorize"
    assert asked["client_id"] == CLIENT_ID
    assert asked["scope"].split(",") == SCOPES
    assert asked["redirect_uri"] == f"{web.url}/slack/oauth_redirect", "a session's app names no address"
    assert len(asked["state"]) > 30


def test_slack_itself_knows_where_to_send_people_back(web: WebServer) -> None:
    request = Request(f"{web.url}/slack/install", headers={"Host": "bot.example.org"})  # noqa: S310 - loopback
    with pytest.raises(HTTPError) as sent, build_opener(_Stay).open(request, timeout=10):
        pass
    with sent.value as answer:
        assert "redirect_uri" not in answer.headers["Location"]


def test_an_installation_is_bound_to_the_browser_that_began_it(web: WebServer, context: Context) -> None:
    status, _, headers = look(f"{web.url}/slack/install")
    cookie = headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    back = look(headers["Location"])[2]["Location"]
    another = Browser()
    another(f"{web.url}/slack/install")
    for stranger in (another, Browser()):
        status, page, _ = stranger(back)
        assert (status, heading(page)) == (HTTPStatus.BAD_REQUEST, "This page cannot be used any more")
    assert (workspaces.known(context), rows(context)) == ([], [])
    assert look(back)[0] == HTTPStatus.OK


def test_a_page_is_readable_aloud_and_offers_to_begin_anew(web: WebServer) -> None:
    _, page, _ = look(f"{web.url}/slack/oauth_redirect")
    assert '<html lang="en-GB">' in page
    assert "<title>This page cannot be used any more</title>" in page
    assert page.count("<h1>") == 1
    assert "<main>" in page
    assert '<a href="/slack/install">Begin anew</a>' in page
    assert "<script" not in page


def test_an_address_is_good_once(web: WebServer, context: Context) -> None:
    back = sent_back(web)
    assert look(back)[0] == HTTPStatus.OK
    status, page, _ = look(back)
    assert (status, heading(page)) == (HTTPStatus.BAD_REQUEST, "This page cannot be used any more")
    assert "all is well" in page
    assert len(workspaces.known(context)) == 1


def test_of_many_who_come_at_once_with_one_state_one_gets_through(context: Context) -> None:
    states, start = States(context, CLIENT_SECRET, lambda: NOW), threading.Barrier(8)
    state = states.issue()
    through: list[bool] = []

    def come() -> None:
        start.wait(10)
        through.append(states.consume(state))

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(through) == [False] * 7 + [True]


def test_a_state_is_good_for_ten_minutes_in_every_process_and_kept_as_a_digest(context: Context) -> None:
    clock = [NOW]
    states, other = (States(context, CLIENT_SECRET, lambda: clock[0]) for _ in range(2))
    old, state = states.issue(), states.issue()
    assert other.consume(state)
    (row,) = rows(context)
    assert state not in row.digest
    assert row.expires_at == NOW + timedelta(minutes=10)
    clock[0] = NOW + timedelta(minutes=10)
    assert not states.consume(old)
    assert states.consume(states.issue())
    assert len(rows(context)) == 1, "old ones are forgotten when a new one comes"


@pytest.mark.parametrize(
    "forged", ["", "x", ".", "a.1", "a.9999999999.{signature}", "{words}.{signature}x", "é.1.é"]
)
def test_a_state_that_is_not_ours_is_refused_without_a_row(context: Context, forged: str) -> None:
    states = States(context, CLIENT_SECRET)
    words, _, signature = states.issue().rpartition(".")
    assert not states.consume(forged.format(words=words, signature=signature))
    assert not States(context, "another secret").consume(states.issue())
    assert rows(context) == []


def test_two_thousand_anonymous_visits_store_nothing_and_keep_nobody_from_installing(
    web: WebServer, context: Context
) -> None:
    issuing = States(context, CLIENT_SECRET)
    assert len({issuing.issue() for _ in range(2000)}) == 2000
    for _ in range(50):
        assert Browser()(f"{web.url}/slack/install")[0] == HTTPStatus.FOUND
    assert rows(context) == []
    assert look(sent_back(web))[0] == HTTPStatus.OK


def test_used_states_fill_no_database(context: Context) -> None:
    row = {"expires_at": real_now() + timedelta(minutes=5)}
    with context.database.transaction() as tx:
        used = [{"digest": str(number), **row} for number in range(service.MAX_USED)]
        tx.execute(insert(tables.installation), used)
    states = States(context, CLIENT_SECRET)
    mine = states.issue()
    assert [states.consume(mine), states.consume(mine)] == [True, False]
    assert len(rows(context)) == service.MAX_USED


def test_only_workspaces_on_the_list_may_install(
    serve: Callable[..., WebServer], context: Context, slack: Emulator
) -> None:
    web = serve(ALLYBOT_WORKSPACES="T1, E9")
    status, page, _ = look(sent_back(web, team="T2"))
    assert (status, heading(page)) == (HTTPStatus.FORBIDDEN, "allybot was not installed")
    assert "yours is not among them" in page
    assert workspaces.known(context) == []
    assert not slack.slack.workspaces["T2"].installed, "Slack's consent was given back"
    assert look(sent_back(web, team="T1"))[0] == HTTPStatus.OK
    assert [each.id for each in workspaces.known(context)] == ["T1"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=17",
        "state=&code=17",
        "state=unknown&code=17",
        f"state={'x' * 1001}&code=17",
        "state=%ff%fe&code=%00",
    ],
)
def test_an_address_slack_never_gave_changes_nothing(
    web: WebServer, context: Context, slack: Emulator, query: str
) -> None:
    status, page, _ = look(f"{web.url}/slack/oauth_redirect?{query}")
    assert (status, heading(page)) == (HTTPStatus.BAD_REQUEST, "This page cannot be used any more")
    assert workspaces.known(context) == []
    assert not slack.slack.log.read(kind="web_api", method="oauth.v2.access")


def test_a_missing_or_endless_code_uses_the_word_up_or_is_not_read(web: WebServer, context: Context) -> None:
    state = dict(parse_qsl(urlsplit(sent_to(web)).query))["state"]
    assert (
        look(f"{web.url}/slack/oauth_redirect?state={state}&code={'x' * 1001}")[0] == HTTPStatus.BAD_REQUEST
    )
    assert rows(context) == []
    assert look(f"{web.url}/slack/oauth_redirect?state={state}")[0] == HTTPStatus.BAD_REQUEST
    assert len(rows(context)) == 1


def test_whoever_declines_is_told_that_nothing_is_kept(web: WebServer, context: Context) -> None:
    status, page, _ = look(sent_back(web, decision="deny"))
    assert (status, heading(page)) == (HTTPStatus.FORBIDDEN, "allybot was not installed")
    assert "Nothing was changed and nothing is kept." in page
    assert (workspaces.known(context), rows(context)) == ([], [])


def test_a_code_slack_does_not_know_is_said_kindly(web: WebServer, context: Context) -> None:
    state = dict(parse_qsl(urlsplit(sent_to(web)).query))["state"]
    status, page, _ = look(f"{web.url}/slack/oauth_redirect?state={state}&code=made.up.secret")
    assert (status, heading(page)) == (HTTPStatus.BAD_REQUEST, "allybot was not installed")
    assert "Slack did not accept this consent any more." in page
    assert "made.up" not in page
    assert workspaces.known(context) == []


def test_a_wrong_client_secret_is_the_operators_to_mend(
    serve: Callable[..., WebServer], context: Context
) -> None:
    web = serve(SLACK_CLIENT_SECRET=SecretStr("of-another-app"))
    status, page, _ = look(sent_back(web))
    assert status == HTTPStatus.BAD_GATEWAY
    assert "Slack refused the installation (bad_client_secret)." in page
    assert "of another app" not in page
    assert workspaces.known(context) == []


@pytest.mark.parametrize("mode", ["server_error", "rate_limited", "drop_before", "fatal_error"])
def test_a_slack_that_gives_no_answer_leaves_nothing_half_done(
    web: WebServer, context: Context, slack: Emulator, mode: str
) -> None:
    back = sent_back(web)
    ordered = json.dumps({"method": "oauth.v2.access", "mode": mode}).encode()
    build_opener().open(Request(f"{slack.url}_control/faults", ordered), timeout=5).close()  # noqa: S310 - loopback
    status, page, _ = look(back)
    assert (status, heading(page)) == (HTTPStatus.BAD_GATEWAY, "Slack gave no answer")
    assert workspaces.known(context) == []
    assert look(sent_back(web))[0] == HTTPStatus.OK


def test_a_database_that_is_away_is_said_kindly(serve: Callable[..., WebServer]) -> None:
    web = serve(DATABASE_URL=SecretStr("sqlite:////no/such/folder/x.db"))
    status, page, _ = look(sent_back(web))
    assert (status, heading(page)) == (HTTPStatus.SERVICE_UNAVAILABLE, "Not just now")


@pytest.mark.parametrize("missing", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
def test_without_the_apps_id_and_secret_there_is_no_such_page(
    serve: Callable[..., WebServer], missing: str
) -> None:
    web = serve(**{missing: None})
    for path in ("/slack/install", "/slack/oauth_redirect?state=a&code=b"):
        status, page, _ = look(f"{web.url}{path}")
        assert status == HTTPStatus.NOT_FOUND
        assert "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET" in page


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_only_looked_at(web: WebServer, method: str) -> None:
    assert look(f"{web.url}/slack/install", method)[0] == HTTPStatus.METHOD_NOT_ALLOWED


def test_an_uninstalled_workspace_works_again_when_it_is_installed_again(
    web: WebServer, context: Context, slack: Emulator
) -> None:
    look(sent_back(web, team="T1"))
    slack.slack.workspaces["T1"].revoked_tokens.add("xoxb-secret-1")
    for reason in ("tokens_revoked", "app_uninstalled"):
        slack_events.uninstalled(context, "T1", reason)
    with pytest.raises(NotFoundError):
        workspaces.token_of(context, "T1")
    assert workspaces.known(context)[0].state == "stopped"
    assert look(sent_back(web, team="T1"))[0] == HTTPStatus.OK
    (known,) = workspaces.known(context)
    assert (known.state, known.stopped_reason) == ("active", None)
    assert workspaces.token_of(context, "T1") not in {"xoxb-secret-1", ""}


def test_no_log_line_and_no_page_holds_a_code_a_word_or_a_token(
    web: WebServer, context: Context, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    telemetry.configure("DEBUG")
    told = []
    for ending in ({"team": "T1"}, {"team": "T2"}, {"decision": "deny"}):
        back = sent_back(web, **ending)
        told += [*dict(parse_qsl(urlsplit(back).query)).values()]
        told += [page for _, page, _ in (look(back), look(back))]
    pages = [page for page in told if page.startswith("<!doctype")]
    secrets_ = {word for word in told if not word.startswith("<!doctype")} - {"access_denied"}
    secrets_ |= {"xoxb-secret-1", "xoxb-secret-2", CLIENT_SECRET}
    written = capsys.readouterr()
    for secret in secrets_:
        assert secret not in written.err + written.out + "".join(pages)
    with context.database.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM workspace")).scalar_one() == 2


def test_doctor_knows_of_installations(
    web: WebServer, slack: Emulator, context: Context, database_url: str, vault_url: str
) -> None:
    urls = (database_url, vault_url)

    def said(**more: Any) -> dict[str, doctor.Finding]:
        return {each.what: each for each in doctor.examine(settings(slack, urls, **more))}

    assert said()["workspaces"].say == "None is connected: open /slack/install of `allybot web`."
    assert "go together" in said(SLACK_CLIENT_SECRET=None)["installing"].say
    assert "needs SLACK_SIGNING_SECRET" in said(SLACK_SIGNING_SECRET=None)["installing"].say
    look(sent_back(web, team="T1"))
    assert said()["workspace Works <1>"].good
    slack.slack.workspaces["T1"].installed = False
    assert "Install the app there again." in said()["workspace Works <1>"].say
    another = SecretStr(secrets.token_hex(16))
    assert (
        "cannot be read with ALLYBOT_SECRET_KEY"
        in said(ALLYBOT_SECRET_KEY=another)["workspace Works <1>"].say
    )
    slack_events.uninstalled(context, "T1", "app_uninstalled")
    stopped = said()["workspace Works <1>"]
    assert not stopped.good
    assert stopped.say.startswith(
        "Stopped: Slack said app_uninstalled. To install the app again, open /slack"
    )
