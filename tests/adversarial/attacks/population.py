"""People who use everything allybot offers, for thirteen weeks, with habits that follow from their answers.

Whether somebody acted is a fair coin. What they do afterwards is what the help invites them to do, as often
as `habits.AFTER` says: whoever acted may call the plan done, whoever met no moment names a day and asks for a
reminder, whoever forgot rewords the plan, whoever lost heart slows down, whoever found it not their place
swaps the plan or suggests something to the leads, whoever was unsure asks the circle, whoever acted tells it
so. Some join late, decline, pause, stop, leave their circle or ask to be forgotten. The shares are our own
assumption, made before anything was measured.
"""

# ruff: noqa: S311 - seeded chance drives people

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from allybot.app import Allybot
from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.plans import BARRIERS, Outcome, PlanKind
from allybot.domain.suggestions import MAX_LENGTH
from allybot.errors import UserError
from allybot.prompts import ids
from allybot.prompts.check_ins import help as check_in_help
from allybot.prompts.check_ins import messages
from allybot.prompts.check_ins.reminders import REMIND
from allybot.prompts.circles import facilitating_ids
from allybot.prompts.plans.notes import NOTE
from allybot.services.context import new_id
from allybot.services.plans import plans
from allybot.services.programs import suggestions
from tests.adversarial.attacks import habits
from tests.adversarial.attacks.acting import Hands, elements
from tests.adversarial.attacks.habits import ZONE
from tests.adversarial.attacks.in_circles import InCircles
from tests.adversarial.attacks.members import Joining, Member, new_member
from tests.adversarial.attacks.programs import CUE, RESPONSE, WORKSPACE, tap_for
from tests.adversarial.attacks.quiet_slack import QuietSlack, View

_WORDS = ("it", "was", "easier", "than", "I", "thought", "she", "went", "on", "afraid", "next", "time")

AfterAnswer = Callable[[Member, Outcome, frozenset[str]], None]
"""Called with what was chosen with it: done, day, reworded; changed where it replaced another answer."""


class Population:
    """Programs whose people act once a working day.

    Args:
        now: the program's clock.
        begins: called right before each answer.
        answered: called right after it.
    """

    def __init__(
        self,
        allybot: Allybot,
        slack: QuietSlack,
        size: int,
        seed: str,
        now: Callable[[], datetime],
        begins: Callable[[Member], None],
        answered: AfterAnswer,
    ) -> None:
        self._allybot, self._slack, self._now = allybot, slack, now
        self._begins, self._answered = begins, answered
        rng = random.Random(seed)
        self._in_circles = InCircles(allybot, slack, now)
        self.members = [
            new_member(number, rng, lambda user: Hands(allybot, slack, user, WORKSPACE))
            for number in range(size)
        ]
        self._joining = Joining(allybot.context, self.members)

    def enrol_due(self) -> None:
        """Enrol whoever joins today."""
        self._joining.enrol_due(self._now())

    def act(self, turn: Sequence[Member]) -> None:
        """Everybody, in this order, does what was planned for today and responds to what is new."""
        today = self._today()
        for member in turn:
            due = [deed for day, deed in member.later if day <= today]
            member.later = [each for each in member.later if each[0] > today]
            for deed in due:
                deed()
            channel = self._slack.messages.get(f"D{member.hands.user}", [])
            fresh, member.read = channel[member.read :], len(channel)
            for message in fresh:
                if not member.gone:
                    self._respond(member, message)
        self._in_circles.read(self.members)

    def _respond(self, member: Member, message: dict[str, object]) -> None:
        actions = [str(each["action_id"]) for each in elements(message["blocks"])]  # type: ignore[arg-type]
        if ids.CONSENT_START in actions:
            declines = member.chance(habits.DECLINES)
            member.hands.press(message, ids.CONSENT_DECLINE if declines else ids.CONSENT_START)
            member.gone = declines
        elif ids.PLAN_NEW in actions and not member.planned:
            member.planned = True
            for kind in member.rng.sample((PlanKind.FEAR, PlanKind.BYSTANDER, PlanKind.LISTENING), 3):
                self._write(member, kind)
        elif ids.CHECK_IN_ACTED in actions:
            if member.chance(habits.PUTS_OFF) and ids.CHECK_IN_NOT_TODAY in actions:
                member.hands.press(message, ids.CHECK_IN_NOT_TODAY)
            elif member.chance(habits.ANSWERS):
                self._answer(member, message)
        else:
            self._goes_on(member, message, actions)

    def _goes_on(self, member: Member, message: dict[str, object], actions: list[str]) -> None:
        if facilitating_ids.YES in actions:
            member.hands.press(message, facilitating_ids.YES)
        elif ids.FRESH_START_KEEP in actions:
            member.hands.press(message, member.rng.choice((ids.FRESH_START_KEEP, ids.FREQUENCY_KEEP)))
        elif ids.FREQUENCY_KEEP in actions:
            if member.chance(habits.KEEPS_RHYTHM):
                member.hands.press(message, ids.FREQUENCY_KEEP)
        elif ids.REPLAN_KEEP in actions:
            keeps_going = member.chance(habits.KEEPS_GOING)
            member.hands.press(message, ids.KEEP_GOING if keeps_going else ids.REPLAN_KEEP)

    def _answer(self, member: Member, message: dict[str, object]) -> None:
        outcome = self._outcome(member)
        tap = tap_for(outcome)
        action = {
            Tap.ACTED: ids.CHECK_IN_ACTED,
            Tap.NOT_ACTED: ids.CHECK_IN_MISSED,
            Tap.NO_MOMENT: ids.CHECK_IN_NO_MOMENT,
        }[tap]
        self._begins(member)
        view = self._slack.opened(member.hands.press(message, action))
        if view is None:
            raise AssertionError("no help opened")
        self._settle(member, view, outcome)
        if member.chance(habits.CHANGES):
            button = next(each for each in elements(message["blocks"]) if each["action_id"] == action)  # type: ignore[arg-type]
            tomorrow = self._today() + timedelta(days=1)
            member.later.append((tomorrow, lambda: self._change(member, button["value"])))

    def _change(self, member: Member, check_in: str) -> None:
        """Another answer to the same check-in."""
        self._begins(member)
        trigger = member.hands.press_value(ids.CHECK_IN_CHANGE, check_in)
        view = self._slack.opened(trigger)
        outcome = self._outcome(member)
        following = view and member.hands.submit(view, {messages.ANSWER: tap_for(outcome).value})
        if following:
            self._settle(member, following, outcome, frozenset({"changed"}))

    def _settle(
        self, member: Member, view: View, outcome: Outcome, deeds: frozenset[str] = frozenset()
    ) -> None:
        deeds |= self._use_help(member, view, outcome)
        self._answered(member, outcome, deeds)
        self._plan_ahead(member, outcome, finished="done" in deeds)

    def _outcome(self, member: Member) -> Outcome:
        acted = member.chance(1 / 2)
        return Outcome.ACTED if acted else member.rng.choice([*BARRIERS, Outcome.NO_MOMENT])

    def _use_help(self, member: Member, view: View, outcome: Outcome) -> frozenset[str]:
        """Pick what fits the answer, mend the plan where invited to, and submit what is then preselected."""
        picks = habits.AFTER.get(outcome, ((outcome.value, 1.0),))
        (pick,) = member.rng.choices([each for each, _ in picks], [share for _, share in picks])
        note = _note_after(member, outcome)
        view = member.hands.choose(view, ids.CHECK_IN_BRANCH, pick, note)
        ways = [
            option["value"]
            for each in elements(view["blocks"])
            if each["action_id"] == ids.CHECK_IN_WAY
            for option in each["options"]
            if option["value"] != check_in_help.AS_IT_IS
        ]
        deeds = set()
        way: dict[str, object] = {}
        if ways and member.chance(habits.REWORDS):
            deeds.add("reworded")
            way[ids.CHECK_IN_WAY] = member.rng.choice(ways)
        filled: dict[str, object] = {}
        if member.chance(habits.NAMES_DAY.get(outcome, habits.NAMES_DAY_ANYWAY)):
            deeds.add("day")
            moment = self._today() + timedelta(days=member.rng.randint(2, 16))
            filled[check_in_help.MOMENT] = moment.isoformat()
            if member.chance(habits.WANTS_REMINDER):
                filled[REMIND] = [REMIND]
        if member.chance(habits.FINISHES.get(outcome, 0.01)):
            deeds.add("done")
            filled[check_in_help.FROM_HERE] = FromHere.NEXT.value
        elif member.chance(habits.SLOWS_DOWN.get(outcome, 0.01)):
            filled[check_in_help.FROM_HERE] = FromHere.SLOWER.value
        elif member.chance(habits.STOPS_HERE.get(outcome, 0.002)):
            filled[check_in_help.FROM_HERE] = FromHere.STOP.value
        if not filled:
            if member.hands.submit(view, way | note) is not None:
                raise AssertionError("the help was not taken")
        elif (
            member.hands.submit(member.hands.press_shown(view, ids.CHECK_IN_MORE, way), filled | note) is None
        ):
            raise AssertionError("the help was not taken")
        return frozenset(deeds)

    def _plan_ahead(self, member: Member, outcome: Outcome, *, finished: bool) -> None:
        tomorrow = self._today() + timedelta(days=1)
        kind = member.rng.choice(list(PlanKind))
        if member.chance(habits.ADDS_NOTE_NEXT_DAY.get(outcome, 0.02)):
            member.later.append((tomorrow, lambda: self._add_note(member)))
        if finished and member.chance(0.5):
            member.later.append((tomorrow, lambda: self._write(member, kind)))
        if member.chance(habits.SWAPS_NEXT_DAY.get(outcome, 0.02)):
            member.later.append((tomorrow, lambda: self._swap(member)))
        if member.chance(habits.ASKS_CIRCLE.get(outcome, 0.02)):
            member.later.append((tomorrow, lambda: self._in_circles.ask(member)))
        if member.chance(habits.TELLS_DEED_NEXT_DAY.get(outcome, 0.02)):
            member.later.append((tomorrow, lambda: self._in_circles.tell_deed(member)))
        if member.chance(habits.SUGGESTS_NEXT_DAY.get(outcome, habits.SUGGESTS_ANYWAY)):
            member.later.append((tomorrow, lambda: self._suggest(member)))

    def _write(self, member: Member, kind: PlanKind, aside: str = "") -> None:
        context, now = self._allybot.context, self._now()
        try:
            plans.write(context, member.actor, new_id(), kind, CUE, RESPONSE, None, now, aside=aside)
        except UserError:
            return  # no room for it, or no longer taking part

    def _suggest(self, member: Member) -> None:
        """Send the leads what is not in one's power."""
        with suppress(UserError):  # nobody leads, or no longer taking part
            suggestions.send(self._allybot.context, member.actor, _note(member)[:MAX_LENGTH], self._now())

    def _swap(self, member: Member) -> None:
        """A practice within reach instead of a plan that was not theirs to act on."""
        try:
            kept = plans.book(self._allybot.context, member.actor).active
        except UserError:
            return
        if kept and all(each.kind is not PlanKind.PRACTICE for each in kept):
            self._write(member, PlanKind.PRACTICE, member.rng.choice(kept).id)

    def _add_note(self, member: Member) -> None:
        """Write a note on a day without an answer, and now and then delete the oldest."""
        view = None if member.gone else self._slack.opened(member.hands.command("notes"))
        view = view and member.hands.submit(view, {NOTE: _note(member)})
        if view and member.chance(habits.DELETES_NOTE):
            oldest = [each for each in elements(view["blocks"]) if each["action_id"] == ids.NOTE_DELETE][-1]
            member.hands.press_in(view, ids.NOTE_DELETE, oldest["value"])

    def _today(self) -> date:
        return self._now().astimezone(ZONE).date()


def _note_after(member: Member, outcome: Outcome) -> dict[str, object]:
    """The help's field for a note, filled in as often as people do after this answer."""
    writes = member.chance(habits.WRITES_NOTE.get(outcome, habits.WRITES_NOTE_ANYWAY))
    return {NOTE: _note(member)} if writes else {}


def _note(member: Member) -> str:
    """Words as long as people write."""
    return " ".join(member.rng.choice(_WORDS) for _ in range(member.rng.randint(3, 22)))
