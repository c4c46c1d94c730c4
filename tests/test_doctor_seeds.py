"""Misconfigurations sown one at a time into an installation that works: `allybot doctor` finds each.

The installation has a program, twelve people in two circles, and a worker that was seen just now.
"""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from allybot.doctor import tokens
from allybot.settings import Settings
from slack_emulator import Emulator
from tests.shell import BOT_USER, CIRCLES, LEAD, MANIFEST, PEOPLE, ROOT, TEAM, Operator, environment, office

KEY = secrets.token_hex(32)
NOW = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000000")
PROGRAM = json.loads(MANIFEST.read_text(encoding="utf-8"))


def _without_scopes(*names: str) -> dict[str, Any]:
    scopes = [name for name in PROGRAM["oauth_config"]["scopes"]["bot"] if name not in names]
    return PROGRAM | {"oauth_config": {"scopes": {"bot": scopes}}}


@dataclass
class Sown:
    """An installation of its own for one seed."""

    slack: Emulator
    folder: Path

    def channel(self) -> Any:
        """The first circle's channel, as the local Slack keeps it."""
        return self.slack.slack.workspaces[TEAM].conversations[CIRCLES[0]]


@dataclass(frozen=True)
class Seed:
    """One misconfiguration.

    Attributes:
        what: the finding that names it.
        says: what stands in it, the remedy included.
        env: variables; an empty one is not set.
        sql, vault_sql: statements on the database or the vault.
        act: what else is done.
        office: what the workspace is made with instead.
    """

    what: str
    says: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    sql: str = ""
    vault_sql: str = ""
    act: Callable[[Sown], object] = lambda _sown: None
    office: dict[str, Any] = field(default_factory=dict)


def _grow(sown: Sown) -> None:
    """Let the file take more than the disk has left, without taking it: the rest is a hole."""
    file = sown.folder / "allybot.db"
    os.truncate(file, min(shutil.disk_usage(sown.folder).free + 10**9, 10**13))


def _no_bot(sown: Sown) -> None:
    sown.channel().members.remove(BOT_USER)


def _archived(sown: Sown) -> None:
    sown.channel().is_archived = True


def _public(sown: Sown) -> None:
    sown.channel().kind = "public"


def _deleted(sown: Sown) -> None:
    del sown.slack.slack.workspaces[TEAM].conversations[CIRCLES[0]]


SEEDS = {
    # ---- the environment
    "a port that is none": Seed("settings", ("PORT: ",), {"PORT": "many"}),
    "an invisible letter": Seed(
        "settings", ("SLACK_BOT_TOKEN: ", "U+200B", "anew"), {"SLACK_BOT_TOKEN": "xoxb-off\u200bice"}
    ),
    "another kind of database": Seed("settings", ("DATABASE_URL: ",), {"DATABASE_URL": "mysql://db/allybot"}),
    "an address that is none": Seed("settings", ("SLACK_API_URL: ",), {"SLACK_API_URL": "slack.com"}),
    "a moved clock with Slack itself": Seed(
        "settings", ("ALLYBOT_CLOCK_OFFSET: ",), {"SLACK_API_URL": "", "ALLYBOT_CLOCK_OFFSET": "P1D"}
    ),
    "no secret key": Seed(
        "settings and content", ("ALLYBOT_SECRET_KEY is not set", "openssl"), {"ALLYBOT_SECRET_KEY": ""}
    ),
    "a short secret key": Seed(
        "settings and content", ("ALLYBOT_SECRET_KEY", "16 characters"), {"ALLYBOT_SECRET_KEY": "short"}
    ),
    "another secret key": Seed(
        "secret key", ("It is the wrong key", "wrapped with"), {"ALLYBOT_SECRET_KEY": "quite another key"}
    ),
    "a new key before the old one": Seed(
        "secret key", ("rotate-keys",), {"ALLYBOT_SECRET_KEY": f"quite another key,{KEY}"}
    ),
    "content that is not there": Seed(
        "settings and content", ("/no/such/folder",), {"ALLYBOT_CONFIG": "/no/such/folder"}
    ),
    # ---- tokens and secrets
    "a wrong bot token": Seed("bot token", ("SLACK_BOT_TOKEN", "Copy it"), {"SLACK_BOT_TOKEN": "xoxb-no"}),
    "an app token for the bot's": Seed(
        "bot token", ("an app-level token", "Copy it"), {"SLACK_BOT_TOKEN": "xapp-office"}
    ),
    "a person's token for the bot's": Seed(
        "bot token", ("a person's token", "Copy it"), {"SLACK_BOT_TOKEN": "xoxp-me"}
    ),
    "a wrong app token": Seed("app token", ("SLACK_APP_TOKEN", "Make one"), {"SLACK_APP_TOKEN": "xapp-no"}),
    "a bot token for the app's": Seed(
        "app token", ("a bot token", "Make one"), {"SLACK_APP_TOKEN": "xoxb-office"}
    ),
    "a person's token for the app's": Seed(
        "app token", ("a person's token", "Make one"), {"SLACK_APP_TOKEN": "xoxp-me"}
    ),
    "no way in": Seed(
        "the way in from Slack", ("SLACK_APP_TOKEN",), {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}
    ),
    "a wrong signing secret": Seed(
        "signing secret",
        ("12 requests were refused", "2026-11-25", "since 2026-11-20", "Copy it anew", "restart"),
        sql="INSERT INTO signature_check VALUES (1, 12, '2026-11-25', '2026-11-20')",
    ),
    "half an installation": Seed("installing", ("set both",), {"SLACK_CLIENT_ID": "1.2"}),
    "an installation without HTTP": Seed(
        "installing",
        ("needs SLACK_SIGNING_SECRET",),
        {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x", "SLACK_SIGNING_SECRET": ""},
    ),
    "a wrong client id": Seed(
        "client secret",
        ("SLACK_CLIENT_ID (invalid_client_id)", "Basic Information"),
        {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "emulator-client-secret"},
    ),
    "a wrong client secret": Seed(
        "client secret",
        ("SLACK_CLIENT_SECRET (bad_client_secret)", "Basic Information"),
        {"SLACK_CLIENT_ID": "CLIENT", "SLACK_CLIENT_SECRET": "wrong"},
    ),
    "missing scopes": Seed(
        "workspace Office",
        ("groups:read, im:history", "install the app again"),
        office={"manifest": _without_scopes("groups:read", "im:history")},
    ),
    "Socket Mode switched off": Seed(
        "app token", ("Switch on Socket Mode",), office={"request_url": "http://127.0.0.1:9/slack/events"}
    ),
    "a Slack that is away": Seed(
        "bot token", ("no_connection", "Check SLACK_API_URL"), {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    ),
    "a token that was revoked": Seed(
        "bot token",
        ("token_revoked", "Copy it anew"),
        act=lambda sown: sown.slack.slack.workspaces[TEAM].revoked_tokens.add("xoxb-office"),
    ),
    # ---- databases
    "a database of nowhere": Seed(
        "database", ("no folder /no/such", "DATABASE_URL"), {"DATABASE_URL": "sqlite:////no/such/allybot.db"}
    ),
    "a database that is new": Seed(
        "database", ("is new and empty", "allybot migrate"), {"DATABASE_URL": "sqlite:///other.db"}
    ),
    "a vault that is new": Seed(
        "vault", ("is new and empty", "ALLYBOT_VAULT_URL"), {"ALLYBOT_VAULT_URL": "sqlite:///other.db"}
    ),
    "a server that is not there": Seed(
        "database",
        ("on 127.0.0.1:1: Nothing listens there",),
        {"DATABASE_URL": "postgres://ally:pw@127.0.0.1:1/allybot"},
    ),
    "a vault in the database": Seed(
        "vault", ("same file", "Give the vault"), {"ALLYBOT_VAULT_URL": "sqlite:///allybot.db"}
    ),
    "an old schema": Seed("database", ("Run `allybot migrate`",), sql="DELETE FROM alembic_version"),
    "the schema of a newer one": Seed(
        "database", ("newer allybot",), sql="UPDATE alembic_version SET version_num = '9999'"
    ),
    "a damaged file": Seed(
        "database", ("or is damaged",), act=lambda sown: (sown.folder / "allybot.db").write_text("x" * 9999)
    ),
    "a disk nearly full": Seed("disk", ("MB left", "free some space"), act=_grow),
    # ---- circles and programs
    "a circle without the bot": Seed(
        "circles of Spring", (CIRCLES[0], "/invite @allybot"), act=_no_bot
    ),
    "an archived circle": Seed("circles of Spring", (CIRCLES[0], "Unarchive"), act=_archived),
    "a public circle": Seed("circles of Spring", (CIRCLES[0], "private channel"), act=_public),
    "a deleted circle": Seed("circles of Spring", (CIRCLES[0], "copy its id anew"), act=_deleted),
    "no support contact": Seed(
        "program Spring", ("support contact",), sql="UPDATE program SET support_contact = ''"
    ),
    "no lead": Seed("program Spring", ("allybot program lead",), sql="DELETE FROM lead"),
    "a program that is over": Seed(
        "program Spring",
        ("is over", "allybot program create"),
        sql="UPDATE window SET closes_at = '2020-01-01 00:00:00.000000'",
    ),
    "a window without its key": Seed(
        "window 1-6 of Spring",
        ("Check ALLYBOT_VAULT_URL",),
        sql="UPDATE window SET state = 'closed', closes_at = '2099-01-01 00:00:00.000000'",
        vault_sql="DELETE FROM window_key",
    ),
    "a custodian who has made no key": Seed(
        "window 1-6 of Spring",
        ("keygen",),
        sql="UPDATE program SET key_holder = 'custodian'; UPDATE window SET public_key = NULL",
    ),
    # ---- workers and what is put aside
    "no worker": Seed("workers", ("Start `allybot run`",), sql="DELETE FROM worker_sign"),
    "a worker at another time": Seed(
        "worker w1",
        ("same ALLYBOT_CLOCK_OFFSET",),
        sql="UPDATE worker_sign SET refuses = 'other_worker', offset_s = 86400",
    ),
    "a worker whose host is late": Seed(
        "worker w1", ("not Slack's", "NTP"), sql="UPDATE worker_sign SET refuses = 'slack_clock'"
    ),
    "a host whose clock is wrong": Seed(
        "clock of this host", ("timedatectl",), office={"clock_ahead_seconds": 400.0}
    ),
    "a parked message": Seed(
        "outbox", ("1 parked", "allybot outbox list"), sql="UPDATE outbox SET state = 'parked', reason = "
        "'invalid_blocks' WHERE id = (SELECT min(id) FROM outbox)",
    ),
    "a parked row": Seed(
        "check_ins",
        ("allybot outbox retry --all",),
        sql="INSERT INTO parked_row (job, row_id, kind, reason, attempts, since, retry_at) VALUES "
        "('check_ins', 't1', 'trainee', 'unknown_zone', 1, '2026-01-01 09:00:00', '2026-01-01 09:00:00')",
    ),
    "a workspace that was stopped": Seed(
        "workspace Office", ("Stopped: Slack said account_inactive", "install the app again"),
        sql="UPDATE workspace SET state = 'stopped', stopped_reason = 'account_inactive'",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the databases of an installation that works."""
    folder = tmp_path_factory.mktemp("installed")
    slack = office()
    slack.start()
    try:
        people = [f"{user},A,{CIRCLES[place % 2]}" for place, user in enumerate(PEOPLE)]
        (folder / "people.csv").write_text("\n".join(("person,cohort,circle", *people)))
        for line in (
            ["migrate"],
            [
                "program",
                "create",
                "Spring",
                "--support-contact",
                "Noor",
                "--cohort",
                "A=today",
                "--lead",
                LEAD,
            ],
            ["enrol", "people.csv", "--program", "Spring", "--yes"],
        ):
            env = {
                **os.environ,
                **environment(slack, folder),
                "ALLYBOT_SECRET_KEY": KEY,
                "PYTHONPATH": str(ROOT),
            }
            command = [sys.executable, "-m", "allybot", *line]
            subprocess.run(command, check=True, cwd=folder, env=env, capture_output=True)  # noqa: S603 - ours
    finally:
        slack.stop()
    return folder


def sow(seed: Seed, sown: Sown) -> None:
    for name, script in (("allybot.db", seed.sql), ("vault.db", seed.vault_sql)):
        with closing(sqlite3.connect(sown.folder / name)) as database:
            database.executescript(script)
            database.commit()
    seed.act(sown)


@pytest.fixture
def examined(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[Seed], tuple[int, dict[str, dict[str, Any]]]]]:
    """Sows a seed; the exit code and the findings by what they are about."""
    started: list[Emulator] = []

    def run(seed: Seed) -> tuple[int, dict[str, dict[str, Any]]]:
        making = dict(seed.office)
        ahead = making.pop("clock_ahead_seconds", 0.0)
        slack = office(**making)
        slack.config.clock_ahead_seconds = ahead
        slack.start()
        started.append(slack)
        for file in ("allybot.db", "vault.db"):
            shutil.copyfile(installed / file, tmp_path / file)
        alive = f"INSERT INTO worker_sign VALUES ('w1', '{NOW}', '{_in_a_minute()}', 0, 0, NULL)"  # noqa: S608 - no input
        sown = Sown(slack, tmp_path)
        sow(Seed("", (), sql=alive), sown)
        sow(seed, sown)
        env = {
            name: slack.config.app.client_id if value == "CLIENT" else value
            for name, value in seed.env.items()
        }
        operator = Operator(tmp_path, monkeypatch, capsys)
        operator.at(slack, **{"ALLYBOT_SECRET_KEY": KEY, **env})
        done = operator.types("allybot doctor --json")
        for name, value in operator.env.items():
            if "TOKEN" in name or "SECRET" in name:
                assert len(value) < 4 or value not in done.out, f"{name} is printed"
        return done.code, {each["what"]: each for each in json.loads(done.out)["findings"]}

    yield run
    for each in started:
        each.stop()


def _in_a_minute() -> str:
    """So that a slow machine still finds the worker alive."""
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + 60, UTC).strftime(
        "%Y-%m-%d %H:%M:%S.000000"
    )


Examined = Callable[[Seed], tuple[int, dict[str, dict[str, Any]]]]


def test_an_installation_that_works_is_in_order(examined: Examined) -> None:
    code, found = examined(Seed("", ()))
    assert code == 0, [each for each in found.values() if not each["good"]]


@pytest.mark.parametrize("name", SEEDS)
def test_doctor_finds_it_and_names_the_remedy(name: str, examined: Examined) -> None:
    seed = SEEDS[name]
    code, found = examined(seed)
    assert code == 1
    assert seed.what in found, found
    assert not found[seed.what]["good"]
    for words in seed.says:
        assert words in found[seed.what]["say"]


def test_thirty_and_more_are_sown() -> None:
    assert len(SEEDS) >= 30


@pytest.mark.parametrize("host", ["slack-gov.com", "www.slack-gov.com"])
def test_slack_for_governments_is_not_called_an_emulator(host: str) -> None:
    (finding,) = tokens.slack_settings(
        Settings(SLACK_API_URL=f"https://{host}/api/", SLACK_APP_TOKEN="xapp-1")
    )
    assert finding.good
    assert finding.say == f"SLACK_API_URL points at Slack's {host}"
