"""What the people of a population do in their circles."""

from collections.abc import Callable, Sequence
from datetime import datetime

from allybot.app import Allybot
from allybot.errors import AllybotError
from allybot.prompts import ids
from allybot.prompts.circles import deed_ids, deeds, text_forms, text_ids
from allybot.services.circles import answers, questions, recaps
from allybot.services.circles import deeds as telling
from allybot.services.circles.answers import Place
from tests.adversarial.attacks import habits
from tests.adversarial.attacks.acting import elements
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.quiet_slack import QuietSlack


class InCircles:
    """Votes, questions, answers, recaps and deeds.

    Args:
        now: the program's clock.
    """

    def __init__(self, allybot: Allybot, slack: QuietSlack, now: Callable[[], datetime]) -> None:
        self._allybot, self._slack, self._now = allybot, slack, now
        self._seen: dict[str, int] = {}

    def ask(self, member: Member) -> None:
        """Ask the circle something, where the bot takes a question now."""
        context = self._allybot.context
        if not member.gone and self._may(lambda: questions.read(context, member.actor, "", self._now())):
            self._send_words(member, member.hands.command("ask"), "How would you open such a talk?")

    def _send_words(self, member: Member, trigger: str, words: str) -> None:
        """Fill in and send a modal whose words the circle reads."""
        view = self._slack.opened(trigger)
        for _ in range(2):  # the second time it has been seen as the circle will read it
            if view is not None:
                view = member.hands.submit(view, {"question": words})

    def tell_deed(self, member: Member) -> None:
        """Tell the circle a deed, from the second week on."""
        if member.gone or not self._may(lambda: telling.read(self._allybot.context, member.actor)):
            return
        view = self._slack.opened(member.hands.press_value(deed_ids.DEED_TELL))
        name = text_forms.WITH if member.chance(habits.WITH_NAME) else text_forms.WITHOUT
        for _ in range(2):
            if view is not None:
                filled = {deeds.DEED: "I asked whom we had not heard", text_forms.NAME: name}
                view = member.hands.submit(view, filled)

    def read(self, members: Sequence[Member]) -> None:
        """Vote, answer questions and write recaps."""
        for channel in sorted({each.circle for each in members}):
            posted = self._slack.messages.get(channel, [])
            for message in posted[self._seen.get(channel, 0) :]:
                buttons = {each["action_id"]: each.get("value", "") for each in elements(message["blocks"])}
                for member in members:
                    if member.circle == channel and member.planned and not member.gone:
                        self._read_post(member, message, buttons)
            self._seen[channel] = len(posted)

    def _read_post(self, member: Member, message: dict[str, object], buttons: dict[str, str]) -> None:
        votes = [each for each in buttons if ids.VOTE in each]
        if votes and member.chance(habits.VOTES):
            member.hands.press(message, member.rng.choice(votes))
        if text_ids.ANSWER_ADD in buttons and member.chance(habits.ADDS_ANSWER):
            question = text_ids.QuestionValue.model_validate_json(buttons[text_ids.ANSWER_ADD]).question
            if self._may(
                lambda: answers.read(self._allybot.context, member.actor, Place(question), self._now())
            ):
                trigger = member.hands.press(message, text_ids.ANSWER_ADD)
                self._send_words(member, trigger, "I would ask who has not spoken yet.")
        if text_ids.QUESTION_ANSWERED in buttons and member.chance(habits.MARKS_ANSWERED):
            member.hands.press(message, text_ids.QUESTION_ANSWERED)
        if text_ids.RECAP_WRITE in buttons and member.chance(habits.WRITES_RECAP):
            week = ids.CircleWeekValue.model_validate_json(buttons[text_ids.RECAP_WRITE]).week
            if self._may(lambda: recaps.read(self._allybot.context, member.actor, week)):
                trigger = member.hands.press(message, text_ids.RECAP_WRITE)
                self._send_words(member, trigger, "Worth trying: one line in the thread.")

    @staticmethod
    def _may(reads: Callable[[], object]) -> bool:
        """Whether a modal opens for them; whoever is refused is told so in words."""
        try:
            reads()
        except AllybotError:
            return False
        return True
