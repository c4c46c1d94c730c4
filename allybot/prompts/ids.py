"""Every id Slack hands back to us, and the typed value each button or modal carries.

An id is `story.deed`. A value is JSON with a version, so that a button from before an update is recognised.
Values hold ids only, never a person's words; the one exception is `PlanFormValue`.
"""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from allybot.domain.plans import MAX_HALF_LENGTH, PlanKind

COMMAND = "/allybot"

# welcome: consent and first steps
CONSENT_START = "welcome.start"
CONSENT_LATER = "welcome.later"
CONSENT_DECLINE = "welcome.decline"
CONSENT_AGAIN = "welcome.again"

# plans
PLAN_NEW = "plan.new"
PLAN_EXAMPLE = "plan.example"
PLAN_EDIT = "plan.edit"
PLAN_FINISH = "plan.finish"
PLAN_PUT_ASIDE = "plan.put_aside"
PLAN_TAKE_UP = "plan.take_up"
PLAN_WORDINGS = "plan.wordings"
PLAN_FOCUS = "plan.focus"
PLAN_KIND = "plan.kind"
PLAN_OBSTACLE = "plan.obstacle"
PLAN_PICK_CUE = "plan.pick_cue"
PLAN_PICK_RESPONSE = "plan.pick_response"
PLAN_BACK = "plan.back"
PLAN_ASIDE = "plan.aside"
PLAN_FORM = "plan.form"
PLAN_EDIT_FORM = "plan.edit_form"
PLANS_SHOW = "plans.show"
PLANS_SEND = "plans.send"

# lines: ready words to say
LINES_SHOW = "lines.show"
LINES_KIND = "lines.kind"
LINES_ENTRY = "lines.entry"
LINES_FORM = "lines.form"

# notes: what a trainee writes to themselves
NOTES_SHOW = "notes.show"
NOTES_FORM = "notes.form"
NOTE_DELETE = "notes.delete"

# check-ins
CHECK_IN_ACTED = "check_in.acted"
CHECK_IN_MISSED = "check_in.missed"
CHECK_IN_NO_MOMENT = "check_in.no_moment"
CHECK_IN_LATER_TODAY = "check_in.later_today"
CHECK_IN_NOT_TODAY = "check_in.not_today"
CHECK_IN_NEXT_WEEK = "check_in.next_week"
CHECK_IN_CHANGE = "check_in.change"
CHECK_IN_BRANCH = "check_in.branch"
CHECK_IN_WAY = "check_in.way"
CHECK_IN_MORE = "check_in.more"
CHECK_IN_HELP_FORM = "check_in.help_form"
CHECK_IN_CHANGE_FORM = "check_in.change_form"
REPLAN_KEEP = "check_in.replan_keep"
KEEP_GOING = "check_in.keep_going"
FRESH_START_KEEP = "check_in.fresh_start_keep"
TYPED_COUNT = "typed.count"
TYPED_COUNT_OTHERS = ("typed.count_second", "typed.count_third", "typed.count_fourth")
TYPED_OTHER = "typed.other"

# frequency: how often a trainee is asked
FREQUENCY_SHOW = "frequency.show"
FREQUENCY_KEEP = "frequency.keep"
FREQUENCY_SLOWER = "frequency.slower"
FREQUENCY_STOP = "frequency.stop"
FREQUENCY_PAUSE = "frequency.pause"
FREQUENCY_PAUSE_MONTH = "frequency.pause_month"
FREQUENCY_PAUSE_OPEN = "frequency.pause_open"
FREQUENCY_PAUSE_UNTIL = "frequency.pause_until"
FREQUENCY_RESUME = "frequency.resume"

# quiet: days without anything unprompted, and an hour of one's own
QUIET_DAYS_SHOW = "quiet.show"
QUIET_DAYS_FORM = "quiet.form"

# reminders: before a moment they have named
REMINDER_ON = "reminder.on"
REMINDER_OFF = "reminder.off"

# circles
VOTE = "circle.vote"  # one action id per option: circle.vote.0, circle.vote.1 ...
VOTES = tuple(f"{VOTE}.{option}" for option in range(10))
VOTE_SEALED = "circle.vote_sealed"  # block id of what a voter is told
MAKE_IT_MY_PLAN = "circle.make_it_my_plan"
READ_STORY = "circle.story"
SCENARIOS_SHOW = "scenarios.show"  # what circles get next, for leads: see `circles.scenario_ids`

# ask: a question to the circle without its author, or a plan its owner shares
ASK_SHOW = "ask.show"
ASK_ABOUT_PLAN = "ask.plan"
ASK_FORM = "ask.form"

# why: the trainee's own reason, and a reflection that is not stored
WHY_SHOW = "why.show"
WHY_FORM = "why.form"
WHY_REFLECT = "why.reflect"
WHY_REFLECTION_FORM = "why.reflection_form"

# delivery: an uncertain circle post asks the facilitator, then the lead
IT_APPEARED = "delivery.appeared"
IT_DID_NOT_APPEAR = "delivery.did_not_appear"

# transfers, privacy, help
TRANSFERS_SHOW = "transfers.show"
RELEASE_NOTICE = "transfers.notice"  # block id of what leads are told
RESULT = "result"  # block id of what everybody in a program and its circles are told
PRIVACY_SHOW = "privacy.show"
PRIVACY_LEADS = "privacy.leads"
MY_DATA_SHOW = "my_data.show"
FORGET_ME_SHOW = "forget_me.show"
FORGET_ME = "forget_me.now"
HELP_SHOW = "help.show"
HOME_MORE, HOME_AS_MESSAGE = "home.more", "home.message"


class Value(BaseModel):
    """What a button or a modal carries. Subclasses add the ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: ClassVar[int] = 1
    v: int = Field(default=1, ge=1)

    def pack(self) -> str:
        """As a button's value or a modal's private_metadata."""
        return self.model_dump_json()

    @classmethod
    def unpack(cls, raw: Any) -> Self | None:
        """The value behind a press, or None when it is not one of ours or of another version."""
        if not isinstance(raw, str):
            return None
        try:
            value = cls.model_validate_json(raw)
        except ValidationError:
            return None
        return value if value.v == cls.version else None


ID = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")


class PlanValue(Value):
    """About one plan."""

    plan: str = ID


class PlanKindValue(Value):
    """About one kind of plan."""

    kind: PlanKind


class NoteValue(Value):
    """About one note."""

    note: str = ID


class CheckInValue(Value):
    """About one check-in."""

    check_in: str = ID


MEANING_LENGTH = 16
"""Characters that the longest meaning fits into."""


class TypedAnswerValue(Value):
    """What a typed message seemed to answer, for whoever confirms it: equally long whatever it was.

    Attributes:
        meaning: filled up to `MEANING_LENGTH` with underscores, see `of`.
        language: of the message that was typed.
    """

    check_in: str = ID
    meaning: str = Field(pattern=rf"^[a-z_]{{{MEANING_LENGTH}}}$")
    language: str = Field(pattern=r"^[a-z]{2}$")

    @classmethod
    def of(cls, check_in_id: str, meaning: str, language: str) -> Self:
        """The value for a meaning."""
        return cls(check_in=check_in_id, meaning=meaning.ljust(MEANING_LENGTH, "_"), language=language)

    @property
    def meant(self) -> str:
        """The meaning as it was given."""
        return self.meaning.rstrip("_")


class PauseUntilValue(Value):
    """A pause with an end: the first day after it."""

    until: date


class HelpFormValue(Value):
    """The help modal: which check-in, which of the three taps opened it, and how far it has come.

    Attributes:
        pick: the answer to the first question; empty before one.
        way: id of the offered plan that was chosen before "More" was opened; empty for none.
        more: whether "More" is open.
    """

    check_in: str = ID
    tap: str = Field(pattern=r"^(acted|not_acted|no_moment)$")
    pick: str = Field(default="", pattern=r"^[a-z_]{0,40}$")
    way: str = Field(default="", max_length=80)
    more: bool = False
    message_ts: str = Field(default="", max_length=40)


class PlanStep(StrEnum):
    """The steps of the plan modal."""

    KIND = "kind"
    SWAP = "swap"  # only where another plan has to go aside
    WORDS = "words"
    KEEP = "keep"


OWN_OBSTACLE = "_own"
"""Where an id of the library may stand: the trainee puts the obstacle in words of their own."""
MAX_THOUGHT_LENGTH = 150
"""Characters of a wish or an obstacle: one line each."""


class PlanFormValue(Value):
    """The plan modal on its way: `form` makes a double submit one plan.

    Slack forgets what stood in a step that is left. So the modal itself carries the words from step to step;
    until the plan is kept only its author and Slack hold them. At most 3000 characters (Slack,
    private_metadata).

    Attributes:
        wish, own_obstacle: a thinking aid that is never stored.
        obstacle: an id of the library, or `OWN_OBSTACLE`.
        moment: the day on which the trainee expects the moment.
        aside: the plan that is put aside when this one is kept.
    """

    form: str = ID
    step: PlanStep
    kind: str = Field(default="", pattern=rf"^({'|'.join(PlanKind)})?$")
    wish: str = Field(default="", max_length=MAX_THOUGHT_LENGTH)
    obstacle: str = Field(default="", pattern=rf"^({OWN_OBSTACLE}|[a-z0-9-]{{1,60}})?$")
    own_obstacle: str = Field(default="", max_length=MAX_THOUGHT_LENGTH)
    cue: str = Field(default="", max_length=MAX_HALF_LENGTH)
    response: str = Field(default="", max_length=MAX_HALF_LENGTH)
    coping: str = Field(default="", max_length=MAX_HALF_LENGTH)
    moment: date | None = None
    aside: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")


class AskFormValue(Value):
    """The modal that asks the circle.

    `form` makes a double submit one question; `plan` is the plan it is about, if any; `seen` tells, without
    its words, which text its author has seen as the circle will.
    """

    form: str = ID
    plan: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")


class CircleWeekValue(Value):
    """About one circle's week; `option` only on votes."""

    week: str = ID
    option: int = Field(default=0, ge=0, le=9)


class OutboxValue(Value):
    """About one message that may or may not have appeared."""

    outbox: str = ID


class ScenarioValue(Value):
    """A scenario: its prefilled plan, or its story, whose people have the `names` of a week."""

    scenario: str = Field(pattern=r"^[a-z0-9-]{1,100}$")
    names: int = Field(default=0, ge=0, le=99)
