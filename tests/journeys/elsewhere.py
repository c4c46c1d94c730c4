"""People of another organisation, who have no commands and see no Home tab."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from allybot.demo.workspace import Remote
from tests.journeys.people import Person, labels, until, words


class Counting(Remote):
    """Control routes that count who acted where.

    Args:
        url: where the emulator is.
        acts: takes the counts, by the ids of person and channel; "" stands for a modal or the Home tab.
    """

    def __init__(self, url: str, acts: Counter[tuple[str, str]]) -> None:
        super().__init__(url)
        self._acts = acts

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """POST to a control route."""
        if "user" in body:
            self._acts[body["user"], body.get("channel", "")] += 1
        return super().post(path, **body)


class PersonElsewhere(Person):
    """Somebody of another organisation, in a channel that it shares.

    Where a journey types a command, they write it as a message, with the blank in front that Slack proposes,
    and press the first button of the answer. Where it looks at Home, they look at the overview, a message.

    Args:
        run_worker: sends what is due.
    """

    def __init__(self, person: Person, run_worker: Callable[[], None]) -> None:
        super().__init__(person.remote, person.user, person.name)
        self._run_worker = run_worker

    def types(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """Type a message, also in place of a command."""
        if not text.startswith("/"):
            return super().types(text, channel)
        answer = self._answer_to(text)
        if choice := _first_choice(answer):
            self.presses(choice, answer)
        return {"ok": True}

    def asks(self, command: str, channel: str | None = None) -> str:  # noqa: ARG002 - written to allybot
        """Write a command as a message, press the button, if there is one, and read what is answered."""
        answer = self._answer_to(command)
        choice = _first_choice(answer)
        return words(self._pressing(choice, answer) if choice else answer)

    def home(self, part: str = "") -> dict[str, Any]:
        """The overview, once it contains these words."""
        return self.looks_at_home(part)

    def looks_at_home(self, part: str, ready: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
        """The overview, asked for until it contains these words and is `ready`.

        Before a yes, and on no list, it is what a message is answered with.
        """

        def look() -> dict[str, Any] | None:
            shown = self._answer_to("/allybot help")
            for label in ("Help", "Overview"):
                shown = self._pressing(label, shown) if label in labels(shown) else shown
            return shown if part in words(shown) and ready(shown) else None

        return until(look, f"{self.name} looks for “{part}” in the overview")

    def presses_at_home(self, label: str) -> None:
        """Press a button of the overview."""
        self.presses(label, self.looks_at_home(""))

    def _answer_to(self, command: str) -> dict[str, Any]:
        before = self._to_them_alone()
        assert super().types(f" {command}")["ok"]
        return self._next(before, f"an answer to “ {command}”")

    def _pressing(self, label: str, message: dict[str, Any]) -> dict[str, Any]:
        before = self._to_them_alone()
        self.presses(label, message)
        return self._next(before, f"what follows “{label}”")

    def _next(self, before: list[tuple[str, str]], what: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            self._run_worker()
            found = (
                one for one in reversed(self.messages()) if one["ephemeral"] and _told(one) not in before
            )
            return next(found, None)

        return until(look, f"{self.name} waits for {what}")

    def _to_them_alone(self) -> list[tuple[str, str]]:
        return [_told(each) for each in self.messages() if each["ephemeral"]]


def _told(message: dict[str, Any]) -> tuple[str, str]:
    """An ephemeral message as it stands: its button may put another one in its place."""
    return message["ts"], words(message)


def _first_choice(answer: dict[str, Any]) -> str:
    """The label of the first button; empty without one, and where the buttons ask for consent."""
    return next((label for label in labels(answer)[:1] if label != "Start"), "")
