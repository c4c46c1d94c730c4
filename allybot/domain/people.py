"""Values for people, programs and cohorts."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allybot.domain.calendar import Away


def is_organisation(workspace_id: str) -> bool:
    """Whether a stored workspace is an organisation with an organisation-wide installation.

    Slack's ids of organisations begin with E, those of workspaces with T.
    """
    return workspace_id.startswith("E")


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, ignoring case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


@dataclass(frozen=True)
class Actor:
    """The Slack user who acts: ids of the workspace and the user, as in Slack's payload."""

    workspace_id: str
    slack_user: str


@dataclass(frozen=True)
class Program:
    """A program: the group of trainees whose outcomes are published together.

    Attributes:
        zone: IANA zone of circle posts and window ends.
        country: ISO code for public holidays, or empty for none.
        minimum_respondents: k, the fewest respondents with whom figures are published; fixed at creation.
        epsilon_milli: privacy budget of one release in thousandths.
        key_holder: `vault` or `custodian`.
        frozen_at: aware UTC; when the first check-in was sent; no cohort can be added after it.
        pool: name of the pool its windows wait in when too few answered; None: they become void.
        emergency_number: named to people in danger; None for the content's.
        closures: days off for everybody, in order.
        counts_moments: whether it counts once, over all its weeks, and also how many had a moment; fixed at
            creation. Else it counts in each part, who acted only.
    """

    id: str
    workspace_id: str
    name: str
    support_contact: str
    zone: ZoneInfo
    country: str
    minimum_respondents: int
    epsilon_milli: int
    key_holder: str
    created_at: datetime
    frozen_at: datetime | None
    pool: str | None = None
    emergency_number: str | None = None
    closures: tuple[Away, ...] = ()
    counts_moments: bool = False


@dataclass(frozen=True)
class Cohort:
    """A group that trained together: `training_ended_on` is day 0 of its trainees' ladder.

    Attributes:
        was_listed: whether a list ever named it; then it cannot be removed, even where nobody is left in it.
    """

    id: str
    program_id: str
    name: str
    training_ended_on: date
    was_listed: bool = False
