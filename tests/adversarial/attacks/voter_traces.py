"""What somebody's vote and its opening leave for whoever copies the database, reads its log and the wire."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from allybot.app import Allybot
from allybot.prompts import ids
from allybot.services.circles import votes
from tests.adversarial.attacks import learner, proxies
from tests.adversarial.attacks.acting import Hands
from tests.adversarial.attacks.copies import Change, Copies
from tests.adversarial.attacks.needles import LoggedWords
from tests.adversarial.attacks.programs import WORKSPACE, Person
from tests.adversarial.attacks.quiet_slack import QuietSlack
from tests.adversarial.attacks.wal_reader import WriteAheadLog

SEALED = 80
"""Bytes of a sealed vote."""
Features = NDArray[np.float64]
Traces = tuple[Counter[str], Features]
"""What was seen, as words and as numbers."""


class Thief:
    """Copies the database, reads its log and what passes on the wire, around presses and openings."""

    def __init__(
        self,
        allybot: Allybot,
        slack: QuietSlack,
        heard: LoggedWords,
        users: Sequence[str],
        log: WriteAheadLog,
    ) -> None:
        self.allybot, self.log = allybot, log
        self._slack, self._copies = slack, Copies(allybot.context, users)
        self._proxy = proxies.Proxy(slack, heard.amount)

    def watch_presses(self, person: Person, week_id: str, options: Sequence[int], now: datetime) -> Traces:
        """Somebody presses these buttons, the last of which counts."""
        hands = Hands(self.allybot, self._slack, person.actor.slack_user, WORKSPACE)
        self.log.cut()
        self._proxy.start(hands)
        answers = []
        for option in options:
            number = len(self._slack.responses)
            hands.press_value(f"{ids.VOTE}.{option}", ids.CircleWeekValue(week=week_id, option=option).pack())
            answers.append(self._slack.response(number))
        wire = self._proxy.stop(hands)
        written, _ = self.log.cut()
        copy = self._copies.take()
        words, numbers = self._about(person.actor.slack_user, "pressed", copy, written, now)
        passed = (wire.acks, wire.seconds, wire.counters, wire.logged, [answers[-1], len(options)])
        return words, np.concatenate((numbers, *passed))

    def watch_opening(self, users: Sequence[str], now: datetime) -> list[Traces]:
        """The votes of one circle are opened, and the channel is told; what is left about each voter."""
        self.log.cut()
        if not votes.SCHEDULED_JOBS[0](self.allybot.context, now):
            raise AssertionError("no votes were opened")
        self.allybot.worker.run_once()
        written, _ = self.log.cut()
        copy = self._copies.take()
        return [self._about(user, "opened", copy, written, now) for user in users]

    def _about(self, user: str, phase: str, copy: int, written: Features, now: datetime) -> Traces:
        fresh = [each for each in self._copies.changes[user] if each.copy == copy]
        return learner.words_about([(phase, each) for each in fresh], now), np.concatenate(
            (written, _bytes_of(fresh))
        )


def _bytes_of(fresh: Sequence[Change]) -> Features:
    """The bytes themselves of what is as long as a sealed vote, in the newest row that has it."""
    sealed = [
        value
        for change in fresh
        for value in (change.after or {}).values()
        if isinstance(value, bytes) and len(value) == SEALED
    ]
    return np.frombuffer(sealed[-1], np.uint8).astype(float) if sealed else np.zeros(SEALED)
