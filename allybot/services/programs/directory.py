"""Looks up the people of a list in Slack."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from allybot.domain.enrolment import Doubt
from allybot.domain.people import is_organisation
from allybot.errors import NotFoundError, SlackRefusedError, SlackUnavailableError, UserError
from allybot.services.programs.roster import Problem, Row
from allybot.slack.answers import SlackPerson
from allybot.slack.errors import UNKNOWN_PERSON
from allybot.slack.gateway import SlackGateway

Found = TypeVar("Found")
_MAX_ATTEMPTS = 6
_DEFAULT_RETRY_AFTER = 30.0
"""Seconds to wait when Slack sends no Retry-After; its rate limits count per minute."""
_ROWS_A_PAGE = 5
_AT_ONCE, _PACE, _PACE_BY_ADDRESS = 50, 0.6, 1.2
"""People asked for one by one before that is spread, and the seconds between them then (tiers 4 and 3)."""
_UNKNOWN = UNKNOWN_PERSON | {"invalid_arguments"}

Progress = Callable[[Sequence[Row]], Iterable[Row]]
"""Wraps the rows of the list, such as in a progress bar."""


@dataclass(frozen=True)
class Enrolee:
    """A person found in Slack, with their cohort and circle on the list; both may be empty.

    Attributes:
        is_external: of another organisation, or workspace, here through a shared channel.
        circle_shared_with: ids of whom the circle's channel is shared with; None before it was looked at.
    """

    slack_user: str
    name: str
    zone: str
    locale: str
    cohort: str = ""
    circle: str = ""
    circle_name: str = ""
    line: int = 0
    is_guest: bool = False
    is_external: bool = False
    circle_shared_with: frozenset[str] | None = None


def look_up(
    slack: SlackGateway,
    workspace_id: str,
    rows: Sequence[Row],
    *,
    progress: Progress = iter,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[list[Enrolee], list[Problem]]:
    """The people of the list that are in Slack, and why the others cannot be enrolled.

    Args:
        slack: the gateway.
        workspace_id: where to look.
        rows: as `parse` gives them.
        progress: shows progress; long lists take minutes within Slack's rate limits.
        wait: sleeps for so many seconds when rate limited.

    Raises:
        SlackError: Slack cannot be asked, such as with an invalid token.
    """
    found: dict[str, Enrolee] = {}
    problems: list[Problem] = []
    reached = _reached(slack, workspace_id, wait)
    people = _People(slack, workspace_id, len(rows), wait)
    for row in progress(rows):
        person = people.person(row.person)
        reason, doubt = _unfit(person), _doubt(person)
        if not reason and (reason := _out_of_reach(person, workspace_id, reached)):
            doubt = Doubt.OUT_OF_REACH
        if person is not None and not reason:
            first = found.setdefault(person.slack_user, _enrolee(person, row, workspace_id))
            if (first.cohort, first.circle) != (row.cohort, row.circle):
                reason, doubt = (
                    f"is the person of line {first.line}, with another cohort or circle.",
                    Doubt.TWICE,
                )
        if reason:
            problems.append(Problem(row.line, row.person, reason, doubt))
    return list(found.values()), problems


class _People:
    """The people of a long list by pages of the workspace's own, as long as that costs less than one by one.

    Slack answers `users.list` 20 times a minute, `users.info` about 100 times and `users.lookupByEmail` about
    50 times (tiers 2, 4 and 3); one by one an address takes two calls. So a page may be read for every
    `_ROWS_A_PAGE` rows. Whoever is on no page that was read is asked for by themselves, in an even pace.

    Args:
        rows: how many people are looked up.
        wait: sleeps for so many seconds.
    """

    def __init__(
        self, slack: SlackGateway, workspace_id: str, rows: int, wait: Callable[[float], None]
    ) -> None:
        self._slack, self._workspace, self._wait = slack, workspace_id, wait
        self._pages_left = 0 if is_organisation(workspace_id) else rows // _ROWS_A_PAGE
        self._cursor, self._asked = "", 0
        self._known: dict[str, SlackPerson] = {}

    def person(self, given: str) -> SlackPerson | None:
        """The person behind an id or an address; None when there is nobody.

        Raises:
            SlackError: Slack cannot be asked.
        """
        while given not in self._known and self._pages_left:
            self._read_page()
        if given in self._known:
            return self._known[given]
        self._asked += 1
        if self._asked > _AT_ONCE:
            self._wait(_PACE_BY_ADDRESS if "@" in given else _PACE)
        return _person(self._slack, self._workspace, given, self._wait)

    def _read_page(self) -> None:
        page, self._cursor = with_retries(
            lambda: self._slack.people_page(self._workspace, self._cursor), self._wait
        )
        self._pages_left = self._pages_left - 1 if self._cursor else 0
        for person in page:
            self._known[person.slack_user] = person
            if person.email and not person.deleted:  # an address may have gone to somebody new
                self._known[person.email.casefold()] = person


def person(slack: SlackGateway, workspace_id: str, given: str) -> SlackPerson:
    """The person behind an e-mail address or a Slack user id.

    Raises:
        NotFoundError: not in this workspace, a bot, deactivated, or somebody allybot cannot write to.
        SlackError: Slack cannot be asked.
    """
    found = _known(slack, workspace_id, given.strip())
    reason = _unfit(found) or _out_of_reach(found, workspace_id, _reached(slack, workspace_id))
    if found is None or reason:
        raise NotFoundError(f"{given} {reason}")
    return found


def slack_user(slack: SlackGateway, workspace_id: str, given: str) -> str:
    """The Slack user id behind an e-mail address or a Slack user id, also of somebody out of allybot's reach.

    Raises:
        NotFoundError: not in this workspace, a bot, or deactivated.
        SlackError: Slack cannot be asked.
    """
    found = _known(slack, workspace_id, given.strip())
    reason = _unfit(found)
    if found is None or reason:
        raise NotFoundError(f"{given} {reason}")
    return found.slack_user


def people_of_group(slack: SlackGateway, workspace_id: str, group: str) -> list[str]:
    """The Slack users of a user group, by its id or its name in any case.

    Raises:
        NotFoundError: there is none; the message names those there are.
        UserError: the app has not the optional scope to see them.
        SlackError: Slack cannot be asked.
    """
    try:
        groups = slack.user_groups(workspace_id)
    except SlackRefusedError as refused:
        if refused.reason != "missing_scope":
            raise
        raise UserError(
            "allybot may not see user groups: the app lacks the scope usergroups:read."
        ) from refused
    named = [each for each, name in groups.items() if group == each or name.casefold() == group.casefold()]
    if not named:
        raise NotFoundError(
            f"There is no user group {group}. There are: {', '.join(groups.values()) or 'none'}."
        )
    return slack.members_of_group(workspace_id, named[0])


def seems_to_be(contact: str, person: SlackPerson) -> bool:
    """Whether a typed contact contains a name, the address or the id of this person.

    Two people may share a name, so this justifies a note but not a refusal.
    """
    names = set(re.findall(r"[^\W\d_]{3,}", person.name.casefold()))
    words = set(re.findall(r"[^\W\d_]{3,}", contact.casefold()))
    known = [each.casefold() for each in (person.slack_user, person.email) if each]
    return bool(names & words) or any(each in contact.casefold() for each in known)


def _person(
    slack: SlackGateway, workspace_id: str, person: str, wait: Callable[[float], None]
) -> SlackPerson | None:
    return with_retries(lambda: _known(slack, workspace_id, person), wait)


def with_retries(ask: Callable[[], Found], wait: Callable[[float], None]) -> Found:
    """The result of `ask`, retried up to `_MAX_ATTEMPTS` times while Slack is unavailable.

    Raises:
        SlackError: Slack refused, or stayed unavailable.
    """
    for _ in range(_MAX_ATTEMPTS - 1):
        try:
            return ask()
        except SlackUnavailableError as busy:
            wait(busy.retry_after or _DEFAULT_RETRY_AFTER)
    return ask()


def _known(slack: SlackGateway, workspace_id: str, person: str) -> SlackPerson | None:
    ask = slack.person_by_email if "@" in person else slack.person
    try:
        return ask(workspace_id, person)
    except SlackRefusedError as refused:
        if refused.reason in _UNKNOWN:
            return None
        raise


def _reached(
    slack: SlackGateway, workspace_id: str, wait: Callable[[float], None] = time.sleep
) -> dict[str, str] | None:
    """Id and name of the workspaces of an organisation that allybot was added to; None for a workspace."""
    if not is_organisation(workspace_id):
        return None
    return with_retries(lambda: slack.workspaces_reached(workspace_id), wait)


def _out_of_reach(person: SlackPerson | None, workspace_id: str, reached: dict[str, str] | None) -> str:
    """Why allybot cannot write to somebody who is in Slack; empty when it can."""
    if person is None:
        return ""
    if person.is_stranger:
        return (
            "belongs to another organisation and shares no channel with allybot, so it cannot write to them."
        )
    if reached is None or workspace_id not in person.workspaces or person.workspaces & set(reached):
        return ""
    names = ", ".join(sorted(reached.values()))
    where = f"which was added to {names}" if names else "which was added to none yet"
    ask = "Ask an administrator of the organisation to add it to theirs."
    return f"is in no workspace with allybot, {where}. {ask}"


def _enrolee(person: SlackPerson, row: Row, workspace_id: str) -> Enrolee:
    return Enrolee(
        slack_user=person.slack_user,
        name=person.name,
        zone=person.zone,
        locale=person.locale,
        cohort=row.cohort,
        circle=row.circle,
        circle_name=row.circle_name,
        line=row.line,
        is_guest=person.is_guest,
        is_external=bool(person.workspaces) and workspace_id not in person.workspaces,
    )


def _doubt(person: SlackPerson | None) -> Doubt:
    if person is None:
        return Doubt.NOT_FOUND
    return Doubt.DEACTIVATED if person.deleted else Doubt.BOT


def _unfit(person: SlackPerson | None) -> str:
    if person is None:
        return "is not in this workspace."
    if person.is_bot or person.slack_user == "USLACKBOT":
        return "is a bot."
    if person.deleted:
        return "is deactivated in Slack."
    return ""
