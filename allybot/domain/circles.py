"""Ally circles: their values, and the rotation of facilitators. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from allybot.domain.trainee import TraineeState, may_facilitate

FIRST_DAYS = timedelta(days=14)
"""After their yes, members get to know their circle before they are asked to facilitate. Our own number."""

_QUIET_WEEKS = 3
"""The fewest weeks before somebody who left a question unanswered is asked again; our own proposal."""

PAUSE_WEEKS = (1, 2, 3, 4)
"""For how many weeks a circle can be paused at once. Our own numbers: a holiday is seldom longer."""


class CircleState(StrEnum):
    """CLOSED: the channel was archived, opened to others, or the bot was removed from it."""

    ACTIVE = "active"
    CLOSED = "closed"


class ChannelOpening(StrEnum):
    """How a circle's channel was opened to others; the values are codes of the outbox, too."""

    PUBLIC = "channel_made_public"
    SHARED = "channel_shared"


class WeekState(StrEnum):
    """The state of a week's votes: OPEN sealed, OPENED counted, FEW deleted without being opened."""

    OPEN = "open"
    OPENED = "opened"
    FEW = "few"


@dataclass(frozen=True)
class Circle:
    """A circle: a private channel and its progress through the scenarios.

    Attributes:
        next_post_at: aware UTC; when the next scenario is posted, None after the last.
        weeks_posted: scenarios posted so far.
        last_week: the total number of scenarios.
        shared_with: ids of the organisations its channel was shared with when people were enrolled.
        rests_because: how its channel was opened to others, if that closed it.
        paused_until: aware UTC; the scenario that ends the latest pause, None when it was never paused.
        thanked_scenarios: scenarios after which it was thanked, None when it never was.
        merge_proposed: id of the circle its leads were told it could merge with.
    """

    id: str
    program_id: str
    workspace_id: str
    name: str
    channel: str
    state: CircleState
    next_post_at: datetime | None
    weeks_posted: int
    last_week: int
    shared_with: frozenset[str] = frozenset()
    rests_because: ChannelOpening | None = None
    paused_until: datetime | None = None
    thanked_scenarios: int | None = None
    merge_proposed: str | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it has a scenario to come."""
        return self.state is CircleState.ACTIVE and self.next_post_at is not None

    @property
    def is_over(self) -> bool:
        """Whether it has had its last scenario, and allybot is still in its channel."""
        return self.state is CircleState.ACTIVE and self.next_post_at is None and self.weeks_posted > 0

    def is_paused(self, now: datetime) -> bool:
        """Whether it is paused at `now`, aware UTC."""
        return self.goes_on and self.paused_until is not None and now < self.paused_until


@dataclass(frozen=True)
class CirclePage:
    """A circle as a member or lead sees it.

    Attributes:
        size: how many take part; None for who is no member: leads learn of no joining and no stopping.
        zone: the program's, in which days are shown.
        paused: whether it is paused now.
    """

    circle: Circle
    size: int | None
    zone: ZoneInfo
    paused: bool
    is_member: bool = False
    is_lead: bool = False

    @property
    def next_on(self) -> date | None:
        """The local day of the next scenario; None when none is to come."""
        at = self.circle.next_post_at if self.circle.goes_on else None
        return at.astimezone(self.zone).date() if at else None


@dataclass(frozen=True)
class CircleWeek:
    """One week of a circle.

    Attributes:
        monday: the Monday of the week in the program's zone, also when a holiday moves the post.
        number: 1 for the circle's first scenario.
        facilitator_id: trainee id of who said yes to facilitating it, None where nobody did.
        opens_at: aware UTC; when the votes are opened.
        counts: votes per option once they are opened, else None.
        second_id: trainee id of who facilitates it with them.
        asked_id: trainee id of who was asked last and has not answered.
        ask_at: aware UTC; when they are reminded or the next is asked, None when neither is due.
        wants_second: whether the facilitator would like to do it with somebody.
        names: which names the story's people have, see `story_names`; None until that is chosen.
    """

    id: str
    circle_id: str
    monday: date
    number: int
    scenario_id: str
    facilitator_id: str | None
    public_key: bytes
    opens_at: datetime
    state: WeekState
    counts: tuple[int, ...] | None
    second_id: str | None = None
    asked_id: str | None = None
    ask_at: datetime | None = None
    wants_second: bool = False
    names: int | None = None

    @property
    def facilitators(self) -> tuple[str, ...]:
        """Trainee ids of those who said yes, the first one first."""
        return tuple(each for each in (self.facilitator_id, self.second_id) if each)


@dataclass(frozen=True)
class Member:
    """A member of a circle in the rotation.

    Attributes:
        place: the order in the rotation.
        turns: how often they facilitated.
        since: aware UTC; when they said yes to the program, None before it.
        away_until: aware UTC; the end of a pause or a leave that has one.
        unanswered: the Monday of the last week for which they left the question unanswered.
        deleted_after: aware UTC; when everything about them is deleted.
    """

    trainee_id: str
    slack_user: str
    place: int
    turns: int
    state: TraineeState
    since: datetime | None = None
    away_until: datetime | None = None
    unanswered: date | None = None
    deleted_after: datetime | None = None

    @property
    def can_facilitate(self) -> bool:
        """Whether they get direct messages now: not paused, stopped, gone or without consent."""
        return may_facilitate(self.state)


def not_to_be_asked(members: Sequence[Member], now: datetime) -> set[str]:
    """Trainee ids of those who are not asked to facilitate now; they may still volunteer.

    Nobody is asked in their first days, `FIRST_DAYS`, nor while they are away. In a new circle that is
    everybody: its channel is asked instead.
    """
    return {
        member.trainee_id
        for member in members
        if (member.since and now < member.since + FIRST_DAYS)
        or (member.away_until and now < member.away_until)
    }


def silent_lately(members: Sequence[Member], monday: date) -> set[str]:
    """Trainee ids of those who left the question unanswered lately and are not asked; they may volunteer.

    For as many weeks as there are others, at least `_QUIET_WEEKS`: so they are asked once a round, also
    where all are silent. They lose no turn by it.
    """
    others = sum(member.can_facilitate for member in members) - 1
    since = monday - timedelta(weeks=max(_QUIET_WEEKS, others))
    return {each.trainee_id for each in members if each.unanswered and since < each.unanswered < monday}


def gone_by_then(members: Sequence[Member], monday: date) -> set[str]:
    """Trainee ids of those who are deleted before the Friday of that week is over."""
    over = monday + timedelta(days=5)
    return {each.trainee_id for each in members if each.deleted_after and each.deleted_after.date() < over}


def next_facilitator(
    members: Sequence[Member],
    passed: Collection[str] = (),
    previous: Sequence[str] = (),
) -> Member | None:
    """Who is asked next: the fewest turns, ties by place; None when nobody can.

    Paused members are skipped and come first when they are back. They owe one turn at most, however long the
    pause was.

    Args:
        passed: trainee ids of those who were asked for this week already, or are not to be.
        previous: trainee ids of the week before; they come last among members with equal turns.
    """
    able = [member for member in members if member.can_facilitate]
    return _next(able, passed, previous)


def turns_after(members: Sequence[Member], trainee_id: str) -> int:
    """A member's count of turns after facilitating one more week.

    Raises:
        ValueError: the trainee is not among the members.
    """
    most = _most_turns([member for member in members if member.can_facilitate])
    for member in members:
        if member.trainee_id == trainee_id:
            return max(member.turns, most - 1) + 1
    raise ValueError("turns are counted for members only")


def turns_of_a_newcomer(members: Sequence[Member]) -> int:
    """The turns a new member starts with: the fewest of those who can facilitate."""
    return min((member.turns for member in members if member.can_facilitate), default=0)


def rota(
    members: Sequence[Member],
    mondays: Sequence[date],
    settled: Mapping[date, Sequence[str]],
    previous: Sequence[str] = (),
) -> list[tuple[date, tuple[str, ...]]]:
    """Who is to be asked in the weeks of these Mondays as planned now: trainee ids, none where nobody can.

    Whoever is away is left out until they are back; whoever is new, until their first days are over.

    Args:
        settled: trainee ids for weeks for which somebody was asked or has said yes.
        previous: trainee ids of the week before the first of these.
    """
    planned: list[tuple[date, tuple[str, ...]]] = []
    now = list(members)
    for monday in mondays:
        there = [member for member in now if _is_there(member, monday)]
        chosen = _next(there, silent_lately(now, monday) | gone_by_then(now, monday), previous)
        previous = tuple(settled.get(monday, ())) or ((chosen.trainee_id,) if chosen else ())
        planned.append((monday, previous))
        fewest = _most_turns(there) - 1
        now = [
            replace(member, turns=max(member.turns, fewest) + 1) if member.trainee_id in previous else member
            for member in now
        ]
    return planned


def _is_there(member: Member, monday: date) -> bool:
    """Whether they can be asked to facilitate the week of that day, as far as it is known now."""
    new = member.since and monday < (member.since + FIRST_DAYS).date()
    if member.away_until is None:
        return member.can_facilitate and not new
    back = member.away_until.date() <= monday
    return back and not new and (member.can_facilitate or member.state is TraineeState.PAUSED)


def _next(able: Sequence[Member], passed: Collection[str], previous: Collection[str]) -> Member | None:
    most = _most_turns(able)
    return min(
        (member for member in able if member.trainee_id not in passed),
        key=lambda member: (
            max(member.turns, most - 1),
            member.trainee_id in previous,
            member.place,
        ),
        default=None,
    )


def _most_turns(able: Sequence[Member]) -> int:
    return max((member.turns for member in able), default=0)
