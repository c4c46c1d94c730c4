"""HTTP: requests that are not from Slack are refused, and malformed payloads harm nobody."""

import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from allybot import telemetry
from allybot.app import Allybot, assemble, healthy
from allybot.services.context import Context
from allybot.settings import Settings
from allybot.slack_app.http import Application, application
from allybot.store import tables
from allybot.store.delivery.message_kinds import MessageKind
from tests.inbound import forged_requests, load_data
from tests.inbound.forged_requests import Nonsense, Request, encoded, forged, signed

SIZE = 40
Ask = Callable[[Request], tuple[int, bytes]]


@pytest.fixture
def allybot(context: Context, database_url: str, vault_url: str) -> Iterator[Allybot]:
    """A bot served over HTTP, with a Slack that cannot be reached."""
    load_data.settle(context, SIZE)
    settings = Settings(
        SLACK_API_URL="http://127.0.0.1:9/api/",
        SLACK_SIGNING_SECRET=SecretStr(load_data.SIGNING_SECRET),
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(load_data.SECRET),
    )
    bot = assemble(settings, clock=lambda: load_data.NOW)
    yield bot
    bot.close()


@pytest.fixture
def ask(allybot: Allybot) -> Ask:
    """Sends a request to the real WSGI application; what status and body come back."""
    wsgi: Application = application(allybot.bolt, lambda: healthy(allybot), load_data.SIGNING_SECRET)

    def send(request: Request) -> tuple[int, bytes]:
        statuses: list[str] = []
        body = b"".join(wsgi(request.environment(), lambda status, _headers: statuses.append(status)))
        return int(statuses[0][:3]), body

    return send


def refuse_all(context: Context, ask: Ask, log: pytest.LogCaptureFixture, count: int) -> None:
    chance = random.Random(7)  # noqa: S311 - the same requests again
    before, seen = load_data.dump(context), Counter[str]()
    with log.at_level(logging.INFO):
        for _ in range(count):
            wrong, request = forged(chance)
            status, _body = ask(request)
            assert 400 <= status < 500, (wrong, status, request)
            seen[wrong] += 1
    assert len(seen) == len(forged_requests._WRONG)
    assert load_data.dump(context) == before
    assert load_data.SIGNING_SECRET not in log.text
    assert "Traceback" not in log.text


def test_what_slack_did_not_sign_is_refused_and_changes_nothing(
    context: Context, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    refuse_all(context, ask, caplog, 1500)


@pytest.mark.slow
def test_ten_thousand_forged_requests_change_nothing(
    context: Context, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    refuse_all(context, ask, caplog, 10_000)


def test_the_same_press_signed_by_slack_counts(context: Context, ask: Ask) -> None:
    body, kind = encoded(load_data.press(1, 0, "trigger", forged_requests.NOWHERE))
    assert ask(signed(body, kind))[0] == 200
    assert load_data.effects(context)["consents"] == 1


@pytest.mark.parametrize("path", ["/slack/events/", "/slack/interactive-endpoint", "/bots/slack/events"])
def test_what_slack_signed_is_taken_where_operators_let_it_send(
    context: Context, ask: Ask, path: str
) -> None:
    body, kind = encoded(load_data.press(1, 0, "trigger", forged_requests.NOWHERE))
    assert ask(Request(body, kind, path=path))[0] == 401
    wrong = replace(signed(body, kind), signature=f"v0={'0' * 64}", path=path)
    assert ask(wrong)[0] == 401
    assert load_data.effects(context)["consents"] == 0
    assert ask(replace(signed(body, kind), path=path))[0] == 200
    assert load_data.effects(context)["consents"] == 1


def test_five_minutes_is_not_too_old_yet(context: Context, ask: Ask) -> None:
    body, kind = encoded(load_data.press(1, 0, "trigger", forged_requests.NOWHERE))
    assert ask(signed(body, kind, age=290))[0] == 200
    assert ask(signed(body, kind, age=310))[0] == 401
    assert load_data.effects(context)["consents"] == 1


def test_slacks_challenge_is_echoed_and_only_to_slack(ask: Ask) -> None:
    body = b'{"type": "url_verification", "token": "t", "challenge": "abc"}'
    status, echoed = ask(signed(body, forged_requests.JSON))
    assert (status, json.loads(echoed)) == (200, {"challenge": "abc"})
    assert ask(Request(body, forged_requests.JSON))[0] == 401
    assert ask(signed(b"ssl_check=1&token=t"))[0] == 200


def test_health_needs_no_signature_and_metrics_are_not_here(ask: Ask) -> None:
    assert ask(Request(b"", method="GET", path="/healthz")) == (200, b"ok")
    assert ask(Request(b"", method="GET", path="/metrics"))[0] == 404


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"payload=%7B", b"payload", b"\x00", b"null", b"5"])
def test_signed_nonsense_is_no_reason_to_fall_over(ask: Ask, body: bytes) -> None:
    for kind in (forged_requests.JSON, forged_requests.FORM):
        assert ask(signed(body, kind))[0] in {200, 400}


# ---- signed by Slack, and senseless


def others(context: Context) -> dict[str, list[str]]:
    """Everything of everybody but Mallory, and of the program.

    She may write to her own circle and facilitate one of its weeks that nobody has; both are hers to do. What
    is typed under an id that no trainee has, such as `null`, is answered to that id.
    """
    number = forged_requests.MALLORY // load_data.CIRCLE
    hers, her_circle_id, her_circle = f"t{forged_requests.MALLORY}", f"c{number}", f"C{number:04}"
    found = {}
    with context.database.reading() as tx:
        for table in tables.metadata.sorted_tables:
            rows: list[Any] = [row._asdict() for row in tx.execute(select(table))]
            for row in rows:
                if row.get("facilitator_id") == hers:
                    row |= {"facilitator_id": None, "wants_second": False}
            whose = "id" if table.name == "trainee" else "trainee_id"
            kept = [row for row in rows if row.get(whose) != hers and row.get("to_user") not in _HERS]
            if table.name == "outbox":
                kept = [
                    row for row in kept if row["kind"] not in _SHE_WRITES or row["to_channel"] != her_circle
                ]
                kept = [row for row in kept if row["kind"] != MessageKind.TYPED_REPLY or row["trainee_id"]]
            if table.name in {"deed", "circle_text"}:
                kept = [row for row in kept if row["circle_id"] != her_circle_id]
            found[table.name] = sorted(map(repr, kept))
    return found


_HERS = {load_data.user(forged_requests.MALLORY), "U9STRANGER"}
_SHE_WRITES = {
    MessageKind.CIRCLE_QUESTION,
    MessageKind.CIRCLE_ANSWER,
    MessageKind.CIRCLE_RECAP,
    MessageKind.NAMED_DEED,
}


def survive(
    allybot: Allybot, context: Context, ask: Ask, log: pytest.LogCaptureFixture, count: int, seed: int
) -> Counter[int]:
    body, kind = encoded(load_data.press(forged_requests.MALLORY, 0, "a yes", forged_requests.NOWHERE))
    assert ask(signed(body, kind))[0] == 200
    before, errors = others(context), telemetry.HANDLER_ERRORS._value.get()
    nonsense, statuses = Nonsense(seed, SIZE), Counter[int]()
    with log.at_level(logging.INFO):
        for turn in range(count):
            payload = nonsense.payload()
            try:
                body, kind = encoded(payload)
            except UnicodeEncodeError:
                continue  # half a surrogate pair cannot stand in a form
            status, _answer = ask(signed(body, kind))
            statuses[status] += 1
            assert status < 500, (turn, payload)
            assert telemetry.HANDLER_ERRORS._value.get() == errors, (turn, payload, log.messages[-6:])
    allybot.close()
    assert telemetry.HANDLER_ERRORS._value.get() == errors, log.messages[-6:]
    assert "Traceback" not in log.text
    assert others(context) == before
    return statuses


def test_senseless_payloads_harm_nobody_else(
    allybot: Allybot, context: Context, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    statuses = survive(allybot, context, ask, caplog, 1500, seed=1)
    assert statuses[200] > 1000


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_thousand_senseless_payloads_harm_nobody_else(
    allybot: Allybot, context: Context, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    survive(allybot, context, ask, caplog, 20_000, seed=2)
