"""A trainee's life in the program: the states, what moves between them, and what each state permits.

`TRANSITIONS` is the only place that says which event leads where, and the predicates the only ones that say
what a state permits. `store.trainees.apply_event` is the only writer of the state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from allybot.domain.people import Actor


class TraineeState(StrEnum):
    """The state of a trainee.

    INVITED has had the welcome; LATER asked to be asked again; DECLINED said no thanks; ACTIVE gets
    check-ins; PAUSED gets none until the pause ends; STOPPED asked for no more; GONE is deactivated in Slack;
    FINISHED has been through the ladder.
    """

    INVITED = "invited"
    LATER = "later"
    DECLINED = "declined"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    GONE = "gone"
    FINISHED = "finished"


class TraineeEvent(StrEnum):
    """What changes a trainee's state.

    The trainee: CONSENT, POSTPONE (be asked again), DECLINE, PAUSE, RESUME, STOP, KEEP_GOING (after the
    re-plan). Time: PAUSE_ENDS, FINISH.
    Slack: DEACTIVATE; the way back from it is REINVITE, REPAUSE or REACTIVATE, see `event_on_return`.
    """

    CONSENT = "consent"
    POSTPONE = "postpone"
    DECLINE = "decline"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    KEEP_GOING = "keep_going"
    PAUSE_ENDS = "pause_ends"
    FINISH = "finish"
    DEACTIVATE = "deactivate"
    REINVITE = "reinvite"
    REPAUSE = "repause"
    REACTIVATE = "reactivate"


@dataclass(frozen=True)
class Transition:
    """An event happens to people in one of the states `sources`, and leaves them in `target`."""

    sources: frozenset[TraineeState]
    target: TraineeState


def _transition(target: TraineeState, *sources: TraineeState) -> Transition:
    return Transition(frozenset(sources), target)


_INVITED, _LATER, _DECLINED = TraineeState.INVITED, TraineeState.LATER, TraineeState.DECLINED
_ACTIVE, _PAUSED, _STOPPED = TraineeState.ACTIVE, TraineeState.PAUSED, TraineeState.STOPPED
_GONE, _FINISHED = TraineeState.GONE, TraineeState.FINISHED

TRANSITIONS = MappingProxyType(
    {
        TraineeEvent.CONSENT: _transition(_ACTIVE, _INVITED, _LATER, _DECLINED),
        TraineeEvent.POSTPONE: _transition(_LATER, _INVITED),
        TraineeEvent.DECLINE: _transition(_DECLINED, _INVITED, _LATER),
        TraineeEvent.PAUSE: _transition(_PAUSED, _ACTIVE, _PAUSED),
        TraineeEvent.RESUME: _transition(_ACTIVE, _ACTIVE, _PAUSED, _STOPPED),
        TraineeEvent.STOP: _transition(_STOPPED, _ACTIVE, _PAUSED, _STOPPED),
        TraineeEvent.KEEP_GOING: _transition(_ACTIVE, _ACTIVE, _PAUSED, _STOPPED, _FINISHED),
        TraineeEvent.PAUSE_ENDS: _transition(_ACTIVE, _PAUSED),
        TraineeEvent.FINISH: _transition(_FINISHED, _ACTIVE),
        # Whoever stopped, declined or finished stays so: their return to Slack must not wake them.
        TraineeEvent.DEACTIVATE: _transition(_GONE, _INVITED, _LATER, _ACTIVE, _PAUSED),
        TraineeEvent.REINVITE: _transition(_INVITED, _GONE),
        TraineeEvent.REPAUSE: _transition(_PAUSED, _GONE),
        TraineeEvent.REACTIVATE: _transition(_ACTIVE, _GONE),
    }
)
"""Every event with the states it can happen in and the one it leads to."""

Predicate = Callable[[TraineeState], bool]
"""What a state permits."""

_CONSENTED = frozenset({_ACTIVE, _PAUSED, _STOPPED, _FINISHED})


def can_happen(event: TraineeEvent, state: TraineeState) -> bool:
    """Whether the event is possible in this state."""
    return state in TRANSITIONS[event].sources


def may_answer(state: TraineeState) -> bool:
    """Answer a check-in, change the answer and use its help: everybody who said yes and is in Slack."""
    return state in _CONSENTED


def may_write_plans(state: TraineeState) -> bool:
    """Write, change and read plans, their history and the personal why."""
    return state in _CONSENTED


def may_ask_circle(state: TraineeState) -> bool:
    """Send the circle a question, share a plan with it or tell it a deed."""
    return state in _CONSENTED


def may_suggest(state: TraineeState) -> bool:
    """Send the leads of the program a suggestion."""
    return state in _CONSENTED


def may_choose_hours(state: TraineeState) -> bool:
    """Choose quiet days and the hour of check-ins."""
    return state in _CONSENTED


def may_change_frequency(state: TraineeState) -> bool:
    """Pause, resume, stop or slow down: not before the yes, and not after the last check-in."""
    return state in {_ACTIVE, _PAUSED, _STOPPED}


def gets_check_ins(state: TraineeState) -> bool:
    """Gets check-ins now."""
    return state is _ACTIVE


def takes_part(state: TraineeState) -> bool:
    """Said yes and has not left: a circle with nobody of these is not written to."""
    return state in {_ACTIVE, _PAUSED, _FINISHED}


def may_facilitate(state: TraineeState) -> bool:
    """Have a turn as facilitator: those who get direct messages, so that the kit reaches them."""
    return state in {_ACTIVE, _FINISHED}


def may_join_circle(state: TraineeState) -> bool:
    """Be seated in a circle by the list, also before the yes."""
    return state not in {_DECLINED, _STOPPED, _GONE}


def is_in_slack(state: TraineeState) -> bool:
    """Not deactivated in Slack, as far as Slack has said."""
    return state is not _GONE


def gets_welcome(state: TraineeState) -> bool:
    """Gets a queued welcome: also somebody who has meanwhile said yes on the Home tab."""
    return state in {_INVITED, _ACTIVE}


def hears_of_dates(state: TraineeState) -> bool:
    """Is told when the dates of the program are corrected, also before the yes."""
    return state in {_INVITED, _LATER, _ACTIVE, _PAUSED}


def hears_of_deletion(state: TraineeState) -> bool:
    """Is told when the day of deletion moves: also before the yes, and after a stop."""
    return state not in {_DECLINED, _GONE}


def gets_copy_of_plans(state: TraineeState) -> bool:
    """Gets their plans and notes as a file before they are deleted: also during a pause or after a stop."""
    return state in _CONSENTED


def has_chosen(state: TraineeState) -> bool:
    """Has answered the welcome in some way, and is there to see it."""
    return state not in {_INVITED, _GONE}


def can_be_resumed(state: TraineeState) -> bool:
    """Gets no check-ins now, and could get them again."""
    return can_happen(TraineeEvent.RESUME, state) and not gets_check_ins(state)


def may_still_consent(state: TraineeState) -> bool:
    """Is offered the three buttons of consent; a no can be taken back."""
    return can_happen(TraineeEvent.CONSENT, state)


def has_said_no(state: TraineeState) -> bool:
    """Wants no messages: must never be invited again by a list, also when a lead takes them off it."""
    return state in {_DECLINED, _STOPPED}


def states_where(predicate: Predicate) -> frozenset[TraineeState]:
    """The states in which a predicate holds, for a query."""
    return frozenset(filter(predicate, TraineeState))


class Pace(StrEnum):
    """How often a trainee wants to be asked: every step, or every other one."""

    NORMAL = "normal"
    SLOWER = "slower"


@dataclass(frozen=True)
class Trainee:
    """A trainee; datetimes are aware UTC. See the table's comments for each field."""

    id: str
    workspace_id: str
    slack_user: str
    program_id: str
    cohort_id: str
    state: TraineeState
    zone: ZoneInfo
    locale: str
    dm_channel: str | None
    consented_at: datetime | None
    next_step: int | None
    next_check_in_at: datetime | None
    paused_until: datetime | None
    silent_steps: int
    pace: Pace
    goodbye_at: datetime | None
    delete_after: datetime | None
    moved_days: int = 0
    quiet_days: tuple[int, ...] = ()
    check_in_hour: int | None = None
    away_until: datetime | None = None
    may_wait: bool = False

    @property
    def actor(self) -> Actor:
        """The trainee as Slack names them."""
        return Actor(self.workspace_id, self.slack_user)

    @property
    def check_in_planned_at(self) -> datetime | None:
        """When the next check-in comes (aware UTC); None while none is planned or the trainee gets none."""
        return self.next_check_in_at if gets_check_ins(self.state) else None

    @property
    def check_in_planned_on(self) -> date | None:
        """The same as a day in the trainee's own zone."""
        planned = self.check_in_planned_at
        return planned.astimezone(self.zone).date() if planned else None


def event_on_return(trainee: Trainee, now: datetime) -> TraineeEvent:
    """What the return of somebody who was deactivated in Slack amounts to, at `now` (aware UTC)."""
    if trainee.consented_at is None:
        return TraineeEvent.REINVITE
    if trainee.paused_until is not None and trainee.paused_until > now:
        return TraineeEvent.REPAUSE
    return TraineeEvent.REACTIVATE


def can_be_deactivated(trainee: Trainee) -> bool:
    """Whether Slack's word that somebody is deactivated changes anything here.

    A pause without an end is left as it is: only the trainee ends it, and cannot while deactivated.
    """
    open_ended = trainee.state is _PAUSED and trainee.paused_until is None
    return can_happen(TraineeEvent.DEACTIVATE, trainee.state) and not open_ended
