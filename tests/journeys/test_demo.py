"""The demo's clock and strip over HTTP, as the page and the contract use them."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from allybot.demo.attended import AttendedDemo
from allybot.demo.cast import COLLEAGUES, LEAD_USER
from allybot.demo.options import DemoOptions
from allybot.demo.workspace import BOT_USER


@pytest.fixture(scope="module")
def demo() -> Iterator[AttendedDemo]:
    demo = AttendedDemo(DemoOptions(people=4, seed=5))
    demo.open(0)
    yield demo
    demo.close()


def ask(demo: AttendedDemo, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(  # noqa: S310 - our own on loopback
        f"{demo.session.emulator.url}{path}", data, {"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - our own on loopback
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def now(demo: AttendedDemo) -> datetime:
    return datetime.fromisoformat(ask(demo, "_demo/clock")[1]["now"])


def test_the_address_leads_to_ones_own_messages(demo: AttendedDemo) -> None:
    assert demo.address.endswith(f"/#as=U0000&app={BOT_USER}")


def test_the_others_have_said_yes_before_the_page_opens(demo: AttendedDemo) -> None:
    strips = ask(demo, "_demo/strip")[1]
    assert strips["headline"] == "1 of 6 · Say yes, or not"
    posts = demo.session.remote.get("messages/U0001")["messages"]
    assert any("You said yes" in str(message) for message in posts)
    own = demo.session.remote.get(f"messages/{demo.you.user}")["messages"]
    assert len(own) == 1, "nothing but the welcome, so that nobody has to look for it"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": None},
        {"now": "tomorrow"},
        {"now": "2026-01-20T10:00:00"},
        {"now": ["2026-01-20"]},
        {"now": "9999-12-31T23:59:59+00:00"},
        {"advance": "soon"},
        {"advance": None},
        {"advance": {"days": 3}},
        {"advance": "P100000000000D"},
        {"advance": 1e308},
        [],
        b"{",
        b"\xff",
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_moves_nothing(demo: AttendedDemo, body: Any) -> None:
    before = now(demo)
    status, answer = ask(demo, "_demo/clock", body)
    assert status == 400
    assert answer["ok"] is False
    assert answer["error"] in {"invalid_arguments", "invalid_json"}
    assert answer["detail"]
    assert now(demo) - before < timedelta(seconds=30)


def test_the_clock_moves_on_and_survives_moving_back(demo: AttendedDemo) -> None:
    before = now(demo)
    status, answer = ask(demo, "_demo/clock", {"advance": "P1DT2H"})
    assert (status, answer["ok"]) == (200, True)
    assert timedelta(hours=26) <= now(demo) - before < timedelta(hours=27)
    assert ask(demo, "_demo/clock", {"now": before.isoformat()})[0] == 200
    assert now(demo) - before < timedelta(minutes=2)
    assert ask(demo, "_demo/clock", {"advance": "-P1D"})[0] == 200
    assert ask(demo, "_demo/clock", {"now": before.isoformat()})[0] == 200
    assert ask(demo, "_demo/strip")[1]["headline"] == "1 of 6 · Say yes, or not"


def test_two_moves_at_once_are_one_and_the_strip_says_so(demo: AttendedDemo) -> None:
    answers: list[tuple[int, dict[str, Any]]] = []
    mover = threading.Thread(target=lambda: answers.append(ask(demo, "_demo/clock", {"advance": "P2D"})))
    mover.start()
    seen = {}
    while mover.is_alive() and not seen.get("busy"):
        seen = ask(demo, "_demo/strip")[1]
    second = ask(demo, "_demo/clock", {"advance": "P1D"})
    mover.join(60)
    assert seen["headline"] == "Time passes …"
    assert all(button["disabled"] for button in seen["buttons"])
    assert answers[0][0] == 200
    assert second[0] == 400
    assert second[1]["error"] == "busy"
    assert ask(demo, "_demo/strip")[1]["busy"] is False


def test_the_strip_knows_who_is_looking(demo: AttendedDemo) -> None:
    def told(user: str) -> dict[str, Any]:
        return ask(demo, f"_demo/strip?as={user}")[1]

    assert told(LEAD_USER)["headline"] == "You look as Mira Okafor, who leads the program"
    assert "not in this program" in told(COLLEAGUES[0][0])["body"]
    assert "Another trainee" in told("U0001")["body"]
    assert told("U0NOBODY")["headline"] == "You look as somebody else"
    assert [link["label"] for link in told(LEAD_USER)["links"]] == ["Be Jonas again"]
    assert [link["label"] for link in told(demo.you.user)["links"]] == ["Open allybot's messages"]
