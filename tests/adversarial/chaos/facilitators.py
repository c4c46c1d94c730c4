"""Answers "Did it appear?" for the facilitators, correctly, from the emulator's log."""

import threading
from typing import Any, Self

from allybot.demo.workspace import Remote, direct_messages
from allybot.prompts import ids
from tests.adversarial.chaos.message_counter import MessageCounter, Question

_EVERY = 0.2


class Facilitators:
    """Runs in its own thread, so that an unacknowledged answer blocks nothing else."""

    def __init__(self, remote: Remote, counter: MessageCounter) -> None:
        self._remote = remote
        self._counter = counter
        self._answered: set[Question] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="facilitators", daemon=True)
        self.answers = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stopping.set()
        self._thread.join(30)

    def open_questions(self) -> int:
        """How many are unanswered."""
        return len(set(self._counter.questions()) - self._answered)

    def _watch(self) -> None:
        while not self._stopping.wait(_EVERY):
            self._counter.read()
            for question in self._counter.questions():
                if question not in self._answered and self._answer(question):
                    self._answered.add(question)
                    self.answers += 1

    def _answer(self, question: Question) -> bool:
        appeared = self._counter.was_posted(question.about)
        answer: dict[str, Any] = self._remote.post(
            "interact",
            channel=question.channel,
            messageTs=question.ts,
            user=direct_messages(self._remote)[question.channel],
            action=ids.IT_APPEARED if appeared else ids.IT_DID_NOT_APPEAR,
        )
        return bool(answer.get("ok") and answer.get("acknowledged"))
