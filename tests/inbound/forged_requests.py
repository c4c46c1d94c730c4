"""Requests that do not come from Slack, and payloads that come from it and make no sense; from a seed."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from allybot.prompts import ids
from tests.inbound import load_data
from tests.support.action_ids import action_ids

NOWHERE = "http://127.0.0.1:9/nobody/listens"
MALLORY = 0
"""The trainee in whose name senseless payloads come; nobody else's data may change."""
OTHER_TEAM = "T0OTHER"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Request:
    """One HTTP request to allybot."""

    body: bytes
    content_type: str = FORM
    method: str = "POST"
    path: str = "/slack/events"
    timestamp: str | None = None
    signature: str | None = None
    length: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        setup_testing_defaults(found)
        found |= {"REQUEST_METHOD": self.method, "PATH_INFO": self.path, "QUERY_STRING": ""}
        found |= {"wsgi.input": BytesIO(self.body), "CONTENT_TYPE": self.content_type}
        found["CONTENT_LENGTH"] = str(len(self.body)) if self.length is None else self.length
        if self.timestamp is not None:
            found["HTTP_X_SLACK_REQUEST_TIMESTAMP"] = self.timestamp
        if self.signature is not None:
            found["HTTP_X_SLACK_SIGNATURE"] = self.signature
        return found | self.extra


def sign(body: bytes, timestamp: str, secret: str = load_data.SIGNING_SECRET) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(body: bytes, content_type: str = FORM, age: float = 0.0) -> Request:
    """A request as Slack sends it, `age` seconds ago."""
    timestamp = str(int(time.time() - age))
    return Request(body, content_type, timestamp=timestamp, signature=sign(body, timestamp))


def encoded(payload: dict[str, Any]) -> tuple[bytes, str]:
    """A payload's body and content type."""
    if payload.get("type") == "event_callback":
        return json.dumps(payload).encode(), JSON
    if "command" in payload:
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def forged(chance: random.Random) -> tuple[str, Request]:
    """What is wrong with it, and a request that must be refused; its payload would have an effect."""
    number, deed = chance.randrange(40), chance.randrange(load_data.DEEDS)
    payload = load_data.press(number, deed, f"trigger-{chance.random()}", NOWHERE)
    body, kind = encoded(payload)
    if chance.random() < 0.3:
        body, kind = encoded(event({"type": "app_uninstalled"}, load_data.TEAM))
    good = signed(body, kind)
    assert good.timestamp
    wrong = chance.choice(sorted(_WRONG))
    return wrong, _WRONG[wrong](chance, good)


def _with(**changes: Any) -> Callable[[random.Random, Request], Request]:
    def change(_chance: random.Random, good: Request) -> Request:
        return Request(**{**vars(good), **changes})

    return change


def _resigned(good: Request, timestamp: str) -> Request:
    try:
        signature = sign(good.body, timestamp)
    except UnicodeEncodeError:
        signature = "v0=0"
    return Request(**{**vars(good), "timestamp": timestamp, "signature": signature})


def _odd_timestamp(chance: random.Random, good: Request) -> Request:
    now = str(good.timestamp)
    odd = (
        "",
        " ",
        "now",
        "NaN",
        "inf",
        "1e9",
        f"{now}.5",
        f"-{now}",
        f"+{now}",
        f" {now}",
        f"{now}\n",
        "0x10",
    )
    more = ("٣" * 10, "9" * 5000, "1_700_000_000", f"{now},{now}", "None", "\x00", "²" * 3)
    return _resigned(good, chance.choice(odd + more))


def _truncated(chance: random.Random, good: Request) -> Request:
    cut = good.body[: chance.randrange(len(good.body))]
    length = chance.choice([None, str(len(good.body))])
    return Request(**{**vars(good), "body": cut, "length": length})


def _flipped(chance: random.Random, good: Request) -> Request:
    place = chance.randrange(len(good.body))
    other = bytes([good.body[place] ^ (1 << chance.randrange(8))])
    return Request(**{**vars(good), "body": good.body[:place] + other + good.body[place + 1 :]})


def _odd_signature(chance: random.Random, good: Request) -> Request:
    right = str(good.signature)
    odd = (
        "",
        "v0=",
        "v0",
        right[3:],
        right.upper(),
        right[:-1],
        right + "0",
        "v1=" + right[3:],
        "v0=" + "é" * 64,
    )
    more = (" " + right, right + ",", "v0=" + "0" * 64, "\x00" * 67, "v0=" + chance.randbytes(32).hex())
    return Request(**{**vars(good), "signature": chance.choice(odd + more)})


def _oversized(chance: random.Random, good: Request) -> Request:
    length = chance.choice(["1000001", "99999999999", "9" * 5000])
    return Request(**{**vars(good), "length": length})


def _odd_length(chance: random.Random, good: Request) -> Request:
    return Request(**{**vars(good), "length": chance.choice(["-1", "many", "1e3", "٣", "0x10", "1.0"])})


def _wrong_type(chance: random.Random, good: Request) -> Request:
    odd = (
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        ";",
        "é",
    )
    return Request(**{**vars(good), "content_type": chance.choice(odd)})


_WRONG: dict[str, Callable[[random.Random, Request], Request]] = {
    "another secret": lambda _c, good: Request(
        **{**vars(good), "signature": sign(good.body, str(good.timestamp), "another secret")}
    ),
    "no signature": _with(signature=None),
    "no timestamp": _with(timestamp=None),
    "neither": _with(timestamp=None, signature=None),
    "replayed": lambda chance, good: _resigned(good, str(int(time.time() - chance.uniform(301, 1e9)))),
    "from the future": lambda chance, good: _resigned(good, str(int(time.time() + chance.uniform(302, 1e6)))),
    "another's timestamp": lambda _c, good: Request(**{**vars(good), "timestamp": str(int(time.time()) - 7)}),
    "odd timestamp": _odd_timestamp,
    "truncated": _truncated,
    "one bit changed": _flipped,
    "odd signature": _odd_signature,
    "oversized": _oversized,
    "odd length": _odd_length,
    "wrong content type": _wrong_type,
    "wrong method": lambda chance, good: Request(
        **{**vars(good), "method": chance.choice(["GET", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])}
    ),
    "wrong path": lambda chance, good: Request(
        **{
            **vars(good),
            "path": chance.choice(["/", "/slack", "/slack/eventss", "/slack/install", "/admin", ""]),
        }
    ),
    "not utf-8": lambda chance, good: Request(**{**vars(good), "body": b"\xff\xfe" + chance.randbytes(60)}),
    "nothing": _with(body=b""),
}


# ---- what Slack would sign


def event(inner: dict[str, Any], team: str = load_data.TEAM) -> dict[str, Any]:
    return {
        "token": "a verification token",
        "team_id": team,
        "api_app_id": "A0ALLYBOT",
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{random.randbytes(5).hex()}",  # noqa: S311 - only has to be new
        "event_time": 1767690000,
        "authorizations": [
            {"enterprise_id": None, "team_id": team, "user_id": load_data.BOT_USER, "is_bot": True}
        ],
        "is_ext_shared_channel": False,
    }


_ACTIONS = sorted(action_ids())
_FORMS = tuple(name for name in _ACTIONS if name.endswith("form"))
_COMMANDS = (
    "plan",
    "plans",
    "rehearse",
    "pause",
    "resume",
    "stop",
    "why",
    "ask",
    "privacy",
    "my-data",
    "forget-me",
    "transfers",
    "program",
    "circle",
    "scenarios",
    "lines",
    "notes",
)
_INPUTS = ("kind", "cue", "response", "moment", "pick", "branch", "from_here", "answer", "why", "stage")


class Nonsense:
    """Payloads in Mallory's name or a stranger's, of every kind, with something wrong with most of them."""

    def __init__(self, seed: int, size: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same nonsense again
        self._size = size
        self._count = 0

    def payload(self) -> dict[str, Any]:
        self._count += 1
        kinds = (
            self._press,
            self._press,
            self._press,
            self._submission,
            self._closing,
            self._command,
            self._event,
        )
        found = self._chance.choice((*kinds, self._unheard_of))()
        for _ in range(self._chance.choice((0, 0, 1, 1, 1, 2, 5))):
            self._spoil(found)
        return found

    # ---- who and what

    def _who(self) -> tuple[str, str]:
        """Mallory, somebody in no program, or the namesake of a trainee in another workspace."""
        namesake = load_data.user(self._chance.randrange(1, self._size))
        strangers = [
            (load_data.TEAM, "U9STRANGER"),
            (OTHER_TEAM, namesake),
            (OTHER_TEAM, load_data.user(MALLORY)),
        ]
        return self._chance.choice([(load_data.TEAM, load_data.user(MALLORY))] * 5 + strangers)

    def _value(self) -> str:
        """What a button carries: mostly another person's, else Mallory's, another version's or nonsense."""
        chance = self._chance
        whose = chance.choice([MALLORY, *range(1, self._size)])
        step = chance.choice(load_data.STEPS)
        week = f"week-{chance.randrange((self._size + 9) // 10)}-{chance.randrange(load_data.WEEKS)}"
        tap = chance.choice(["acted", "not_acted", "no_moment", "else"])
        kind = chance.choice(["", "fear", "listening", "nonsense", "\x00"])
        plan = chance.choice(["", f"plan-{whose}", "\x00", "x" * 64])
        option = chance.randrange(-1, 12)
        values = [
            {"v": 1, "check_in": f"asked-{whose}-{step}"},
            {"v": 1, "check_in": f"asked-{whose}-{step}", "tap": tap, "message_ts": ""},
            {"v": 1, "plan": f"plan-{whose}"},
            {"v": 1, "form": chance.choice(["form", f"f{self._count}"]), "plan": plan, "kind": kind},
            {"v": 1, "week": week, "option": option},
            {"v": 1, "outbox": f"row-{whose}"},
            {"v": 1, "scenario": chance.choice(["fear", "interrupted", "../etc", ""])},
            {"v": 1, "circle": f"c{chance.randrange((self._size + 9) // 10)}", "weeks": chance.randrange(6)},
            {"v": 1, "circle": f"c{chance.randrange(3)}", "trainee": f"t{whose}"},
            {"v": 1, "into": f"c{chance.randrange(3)}", "ending": f"c{chance.randrange(3)}"},
            {"v": 1, "program": chance.choice(["program", "x"]), "scenario": "talked-over"},
            {"v": 1, "question": f"row-{whose}"},
        ]
        text = json.dumps(chance.choice(values))
        odd = (
            "",
            "{}",
            "[]",
            "null",
            "x" * 100_000,
            text[:-1],
            text.replace("1", "2", 1),
            "[" * 50_000,
            "\x00",
            "1e999",
        )
        return text if chance.random() < 0.8 else chance.choice(odd)

    def _place(self) -> tuple[str, str]:
        """Where the button stands; perhaps in another person's conversation."""
        return f"D{self._chance.randrange(self._size):04}", f"1767690000.{self._chance.randrange(20):06}"

    def _identity(self) -> dict[str, Any]:
        team, user = self._who()
        return {
            "user": {"id": user, "username": "m", "name": "m", "team_id": team},
            "team": {"id": team, "domain": "town"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": "A0ALLYBOT",
            "trigger_id": f"{self._count}.{self._chance.randrange(10**9)}",
        }

    def _state(self) -> dict[str, Any]:
        option = self._chance.choice(
            ["fear", "bystander", "acted", "done", "keep", "stop", "slower", "next", "zzz"]
        )
        input_state = [
            {
                "type": "plain_text_input",
                "value": self._chance.choice(["ask first", "", None, "y" * 5000, "\x00<&"]),
            },
            {"type": "static_select", "selected_option": {"value": option, "text": {"text": "x"}}},
            {"type": "static_select", "selected_option": None},
            {
                "type": "datepicker",
                "selected_date": self._chance.choice(["2026-02-03", "1999-01-01", "2026-99-99", None]),
            },
        ]
        names = self._chance.sample(_INPUTS, self._chance.randrange(len(_INPUTS)))
        suffix = self._chance.choice(["", ".a1b2c3d4"])
        return {"values": {f"{name}{suffix}": {name: self._chance.choice(input_state)} for name in names}}

    def _view(self, who: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"V{self._count}",
            "type": self._chance.choice(["modal", "modal", "home"]),
            "callback_id": self._chance.choice([*_FORMS, *_FORMS, "help.answer", "a form of last year", ""]),
            "private_metadata": self._value(),
            "hash": "1767690000.abc",
            "state": self._state(),
            "blocks": [{"type": "input", "block_id": "cue", "element": {}}, {"type": "section"}],
            "app_installed_team_id": who["team"]["id"],
        }

    # ---- kinds

    def _press(self) -> dict[str, Any]:
        (channel, ts), who = self._place(), self._identity()
        action = self._chance.choice(
            [*_ACTIONS, "circle.vote.1", "circle.vote.7", "a button of last year", ""]
        )
        found = load_data.block_action("", action, self._value(), channel, ts, "", NOWHERE) | who
        if self._forgets(found):
            found["user"]["id"] = "U9STRANGER"
        if self._chance.random() < 0.3:
            option = {
                "value": self._chance.choice(["fear", "forgot", "no_time", "zzz"]),
                "text": {"text": "x"},
            }
            found["actions"][0] |= {"type": "static_select", "selected_option": option}
        if self._chance.random() < 0.4:
            del found["response_url"]
            found |= {"view": self._view(who), "container": {"type": "view", "view_id": "V1"}}
        return found

    @staticmethod
    def _forgets(found: dict[str, Any]) -> bool:
        """Mallory stays: were she forgotten, everything after would be a stranger's."""
        return bool(
            found["actions"][0]["action_id"] == ids.FORGET_ME and found["team"]["id"] == load_data.TEAM
        )

    def _submission(self) -> dict[str, Any]:
        who = self._identity()
        return who | {"type": "view_submission", "view": self._view(who), "response_urls": []}

    def _closing(self) -> dict[str, Any]:
        who = self._identity()
        return who | {"type": "view_closed", "view": self._view(who), "is_cleared": False}

    def _command(self) -> dict[str, Any]:
        team, user = self._who()
        text = self._chance.choice(
            [*_COMMANDS, "", "pause 9 years", "pause until 31 Feb", "lead <@U0001>", "\x00", "x " * 9999]
        )
        return {
            "command": self._chance.choice([ids.COMMAND, ids.COMMAND, ids.COMMAND, "/ally"]),
            "text": text,
            "team_id": team,
            "user_id": user,
            "channel_id": "D0000",
            "response_url": NOWHERE,
            "trigger_id": f"{self._count}.{self._chance.randrange(10**9)}",
        }

    def _event(self) -> dict[str, Any]:
        team, user = self._who()
        profile = {
            "id": user,
            "tz": self._chance.choice(["Asia/Tokyo", "Nowhere/Land", "", None, "../x"]),
            "deleted": False,
        }
        profile["locale"] = self._chance.choice(["de-DE", "", None, "x" * 99, "\x00"])
        place = {"channel": "C9NOWHERE", "user": user, "ts": f"1767690001.{self._count:06}"}
        inner = self._chance.choice(
            [
                {
                    "type": "message",
                    "channel_type": "im",
                    "text": self._chance.choice(["yes", "", "\x00", "z" * 39_000]),
                }
                | place,
                {
                    "type": "message",
                    "channel_type": "im",
                    "subtype": "message_changed",
                    "message": {"user": 5},
                }
                | place,
                {"type": "app_home_opened", "tab": "home", "user": user, "channel": "D0000"},
                {"type": "user_change", "user": profile},
                {"type": "member_left_channel"} | place,
                {"type": "channel_archive", "channel": "C9NOWHERE"},
                {"type": "reaction_added", "item": {"channel": 5}, "user": user},
                {"type": "an event of next year", "user": {"id": []}},
            ]
        )
        if team == OTHER_TEAM and self._chance.random() < 0.3:
            inner = {"type": "tokens_revoked", "tokens": {"bot": [load_data.BOT_USER]}}
        return event(inner, team)

    def _unheard_of(self) -> dict[str, Any]:
        kinds = [
            "shortcut",
            "message_action",
            "block_suggestion",
            "interactive_message",
            "dialog_submission",
            "?",
            "",
        ]
        found = self._identity() | {
            "type": self._chance.choice([*kinds, "workflow_step_edit", "url_verification"])
        }
        return found | {"callback_id": "x", "action_id": "x", "actions": [], "challenge": "c"}

    # ---- what is wrong with it

    def _spoil(self, found: dict[str, Any]) -> None:
        """Take something out of a payload, or put something of another type in its place."""
        place: Any = found
        while True:
            key = self._chance.choice(sorted(place) if isinstance(place, dict) else range(len(place)))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and self._chance.random() < 0.75:
                place = inner
                continue
            break
        if key in {"user_id", "team_id", "id"} or (place is found and key in {"user", "team"}):
            odd: tuple[Any, ...] = (None, 5, [], {}, "", "\x00", "\ud800", "U" * 99, "u 1", True, {"id": 5})
        else:
            odd = (
                None,
                5,
                -1.5,
                True,
                [],
                {},
                [[]],
                {"id": {}},
                "",
                "\x00",
                "\ud800",
                "x" * 100_000,
                "é",
                self._value(),
            )
        if self._chance.random() < 0.4 and isinstance(place, dict):
            del place[key]
        else:
            place[key] = self._chance.choice(odd)
