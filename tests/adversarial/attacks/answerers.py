"""The people of a variant: what they answer depends on it, and nothing that they choose afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allybot.demo.scripted_person import ScriptedPerson, elements
from allybot.domain.check_ins import FromHere, Tap, picks_for
from allybot.domain.plans import BARRIERS, Outcome
from allybot.prompts import ids
from allybot.prompts.check_ins import help as check_in_help
from allybot.prompts.check_ins import messages
from allybot.prompts.check_ins.reminders import REMIND
from allybot.prompts.circles import deed_ids, deeds, text_forms, text_ids
from allybot.prompts.plans.notes import NOTE
from tests.adversarial.attacks.programs import OUTCOMES, tap_for

_BUTTONS = {
    Tap.ACTED: ids.CHECK_IN_ACTED,
    Tap.NOT_ACTED: ids.CHECK_IN_MISSED,
    Tap.NO_MOMENT: ids.CHECK_IN_NO_MOMENT,
}
_FROM_HERE = (
    FromHere.AS_BEFORE,
    FromHere.KEEP,
    FromHere.KEEP,
    FromHere.NEXT,
    FromHere.AS_BEFORE,
    FromHere.SLOWER,
    FromHere.STOP,
)
TYPED = {
    Outcome.ACTED: "did it today",
    Outcome.NO_MOMENT: "kam nicht vor",
    Outcome.FORGOT: "I forgot",
    Outcome.NO_TIME: "no time",
    Outcome.NOT_MY_PLACE: "it's not my place",
    Outcome.UNSURE_HOW: "I didn't know how",
    Outcome.FEARED_REACTION: "I was scared of what they'd say",
    Outcome.LESS_MOTIVATED: "I don't care any more",
}
"""How each answer is typed."""
TYPED_BESIDES = (
    "thanks!",
    "stop",
    "qwertz uiop",
    "who sees this?",
    "hör auf",
    "delete my data",
    "no",
    ":+1:",
)
"""What is typed besides, and not confirmed."""
_SILENT = 4
_SILENT_FROM, _SILENT_UNTIL = date(2026, 1, 19), date(2026, 3, 12)
"""Who is silent (the last but one; the last is on leave), and from when to when: from the second check-in to
the fresh start."""
_MARKS, _ADDS = 1, 2
"""Who marks each question in the circle as answered, and who adds something to it."""
_NEW_WORDS = ("I sit down after the stand-up", "ask whom we have not heard")


@dataclass
class Answerer(ScriptedPerson):
    """A scripted person whose answers, but not the choices after them, depend on the variant.

    Attributes:
        variant: number of the variant; shifts the answers through the eight.
        index: number of the person.
        today: the local day.
        then: the control's step after an answer, if any.
        replied: waits until what was typed has been replied to.
    """

    variant: int = 0
    index: int = 0
    today: Callable[[], date] = date.today
    then: Callable[[str, Outcome], None] | None = None
    replied: Callable[[], None] = lambda: None
    given: list[Outcome] = field(default_factory=list)
    _answered: list[dict[str, Any]] = field(default_factory=list)
    _round: dict[str, Any] | None = None

    def react(self, message: dict[str, Any]) -> None:
        """Respond; one is silent for weeks, and half keep going after the re-plan; two answer questions."""
        actions = {element["action_id"] for _, element in elements(message.get("blocks") or [])}
        if ids.KEEP_GOING in actions and self.index % 2:
            self.press(message, ids.KEEP_GOING)
        elif deed_ids.DEED_TELL in actions:
            self._round = message
        elif ids.FRESH_START_KEEP in actions:
            self.press(message, ids.FRESH_START_KEEP)
            self.press(message, ids.FREQUENCY_KEEP)
        elif text_ids.ANSWER_ADD in actions and self.index == _ADDS:
            self.press(message, text_ids.ANSWER_ADD)
            self._send_words(text_ids.ANSWER_FORM, "I would ask who has not spoken yet.")
        elif text_ids.QUESTION_ANSWERED in actions and self.index == _MARKS:
            self.press(message, text_ids.QUESTION_ANSWERED)
        elif not (ids.CHECK_IN_ACTED in actions and self._is_silent()):
            super().react(message)

    def _is_silent(self) -> bool:
        return self.index == _SILENT and _SILENT_FROM <= self.today() < _SILENT_UNTIL

    def change_answers(self) -> None:
        """Change every third answer at the next halt."""
        waiting, self._answered = self._answered, []
        for message in waiting:
            if (self.answers + self.index) % 3 == 0:
                outcome = self._outcome(4)
                self.press(message, ids.CHECK_IN_CHANGE)
                self._view(lambda view: view["callback_id"] == ids.CHECK_IN_CHANGE_FORM)
                value = {"type": "radio_buttons", "selected_option": {"value": tap_for(outcome).value}}
                self.remote.post(
                    "view-submit",
                    user=self.who.user,
                    values={messages.ANSWER: {messages.ANSWER: value}},
                )
                self._send_help(outcome, self.answers)

    def ask_circle(self, week: int) -> None:
        """Every sixth week ask the circle a question, whatever was answered."""
        if (week + self.index) % 6 == 0 and not self.command("ask").get("text"):
            self._send_words(ids.ASK_FORM, "How would you open such a talk?")

    def _send_words(self, callback: str, words: str) -> None:
        """Fill in and send a modal whose words the circle reads."""
        view = self._view(lambda view: view["callback_id"] == callback)
        for _ in range(2):  # the second time it was seen as the circle will read it
            (block_id,) = (
                block for block, each in elements(view["blocks"]) if each["action_id"] == "question"
            )
            typed = {"type": "plain_text_input", "value": words}
            self.remote.post("view-submit", user=self.who.user, values={block_id: {"question": typed}})
            if not (view := self.remote.get(f"view/{self.who.user}")["view"] or {}).get("submit"):
                break
        self.remote.post("view-close", user=self.who.user)

    def tell_deed(self, week: int) -> None:
        """Every third week tell the circle a deed, with the name or without, whatever was answered."""
        if self._round is None or (week + self.index) % 3:
            return
        self.press(self._round, deed_ids.DEED_TELL)
        view = self._view(lambda view: view["callback_id"] == deed_ids.DEED_FORM)
        name = text_forms.WITH if week % 2 else text_forms.WITHOUT
        typed = {
            deeds.DEED: {"type": "plain_text_input", "value": "I asked whom we had not heard"},
            text_forms.NAME: {"type": "radio_buttons", "selected_option": {"value": name}},
        }
        for _ in range(2):  # the second time it was seen as the circle will read it
            asked = [block_id for block_id, _ in elements(view["blocks"]) if block_id in typed]
            values = {block_id: {block_id: typed[block_id]} for block_id in asked}
            self.remote.post("view-submit", user=self.who.user, values=values)
            view = self._view(lambda view: view["callback_id"] == deed_ids.DEED_FORM)
        self.remote.post("view-close", user=self.who.user)

    def _answer(self, message: dict[str, Any]) -> None:
        outcome = self._outcome(0)
        if (self.index + self.answers) % 3 == 1:
            self._type(TYPED_BESIDES[(self.answers + self.variant) % len(TYPED_BESIDES)])
            self._type(TYPED[outcome])
            self.press(self._line(), ids.TYPED_COUNT)
            self._send_help(outcome, self.answers, picks=False)
        else:
            self.press(message, _BUTTONS[tap_for(outcome)])
            self._send_help(outcome, self.answers)
        self.answers += 1
        self._answered.append(message)
        if self.then:
            self.then(self.who.user, outcome)

    def _type(self, text: str) -> None:
        self.remote.post("message", channel=self.who.user, user=self.who.user, text=text)
        self.replied()

    def _line(self) -> dict[str, Any]:
        """The newest message that says what was understood."""
        shown = self.remote.get(f"messages/{self.who.user}")["messages"]
        return next(
            {**each, "channel": self.who.user}
            for each in reversed(shown)
            if any(
                element["action_id"] == ids.TYPED_COUNT for _, element in elements(each.get("blocks") or [])
            )
        )

    def _outcome(self, further: int) -> Outcome:
        """Any two variants differ at every answer; all variants together give all eight."""
        outcome = OUTCOMES[(3 * self.index + self.answers + further + self.variant) % len(OUTCOMES)]
        self.given.append(outcome)
        return outcome

    def _send_help(self, outcome: Outcome, number: int, *, picks: bool = True) -> None:
        """Pick what fits the answer, unless it was typed, then choose by the script alone."""
        view = self._view(lambda view: view["callback_id"] == ids.CHECK_IN_HELP_FORM and bool(view["submit"]))
        tap = tap_for(outcome)
        pick = outcome.value if outcome in BARRIERS else picks_for(tap, 0)[number % 2]
        before = view["hash"]
        if picks:
            self.remote.post(
                "view-interact",
                user=self.who.user,
                action={"action_id": ids.CHECK_IN_BRANCH, "selected_option": {"value": pick}},
            )
            view = self._view(lambda view: bool(view["hash"] != before))
        if self._goes_on(number) is FromHere.AS_BEFORE:
            # The other plans offered fit the answer, so choosing one does not follow every answer.
            chosen = {"type": "radio_buttons", "selected_option": {"value": check_in_help.AS_IT_IS}}
            values = {
                block_id: {ids.CHECK_IN_WAY: chosen}
                for block_id, element in elements(view["blocks"])
                if element["action_id"] == ids.CHECK_IN_WAY
            }
            # Nor a note: it has no field beside the plans that fit some answers; it is written under More.
            self.remote.post("view-submit", user=self.who.user, values=values)
            return
        before = view["hash"]
        self.remote.post("view-interact", user=self.who.user, action={"action_id": ids.CHECK_IN_MORE})
        view = self._view(lambda view: bool(view["hash"] != before))
        self.remote.post("view-submit", user=self.who.user, values=self._choices(view, number))
        self._view(lambda view: not view.get("submit"))
        self.remote.post("view-close", user=self.who.user)

    def _goes_on(self, number: int) -> FromHere:
        goes_on = _FROM_HERE[(self.index + number) % len(_FROM_HERE)]
        return FromHere.KEEP if goes_on is FromHere.STOP and number < 5 else goes_on

    def _note(self, number: int) -> dict[str, Any]:
        """Two of three times a note to oneself."""
        text = f"note {number}" if (self.index + number) % 3 else None
        return {"type": "plain_text_input", "value": text}

    def _choices(self, view: dict[str, Any], number: int) -> dict[str, Any]:
        turn = self.index + number
        goes_on = self._goes_on(number)
        moment = (self.today() + timedelta(days=9)).isoformat() if turn % 2 else None
        inputs: dict[str, dict[str, Any]] = {
            check_in_help.CUE: {"type": "plain_text_input", "value": _NEW_WORDS[0]},
            check_in_help.RESPONSE: {"type": "plain_text_input", "value": _NEW_WORDS[1]},
            check_in_help.MOMENT: {"type": "datepicker", "selected_date": moment},
            REMIND: {"type": "checkboxes", "selected_options": [{"value": REMIND}] if turn % 4 == 1 else []},
            check_in_help.FROM_HERE: {"type": "radio_buttons", "selected_option": {"value": goes_on.value}},
            NOTE: self._note(number),
        }
        values: dict[str, Any] = {}
        for block_id, element in elements(view["blocks"]):
            name = block_id.partition(".")[0]
            if name in inputs:
                values[block_id] = {element["action_id"]: inputs[name]}
        return values
