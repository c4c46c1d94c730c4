"""What was changed in a program, as its leads can read it. No trainee is named in it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SHOWN = 50
"""The newest changes, which one page holds."""


class What(StrEnum):
    """What was changed; days are stored as 2026-01-09."""

    CREATED = "created"
    NAME = "name"
    CONTACT = "contact"
    EMERGENCY = "emergency"
    COUNTRY = "country"
    ZONE = "zone"
    TRAINING = "training"
    COHORT_ADDED = "cohort_added"
    COHORT_REMOVED = "cohort_removed"
    LEAD_ADDED = "lead_added"
    LEAD_REMOVED = "lead_removed"
    CLOSURE_ADDED = "closure_added"
    CLOSURE_REMOVED = "closure_removed"
    LIST_ADDED = "list_added"
    COHORT_MOVED = "cohort_moved"
    TAKEN_OFF = "taken_off"
    CIRCLE_MADE = "circle_made"
    POOL = "pool"
    SCENARIO_ADDED = "scenario_added"
    SCENARIO_CHANGED = "scenario_changed"
    SCENARIO_FIRST = "scenario_first"
    SCENARIO_LEFT_OUT = "scenario_left_out"
    SCENARIO_AT_ITS_TURN = "scenario_at_its_turn"
    SCENARIO_DELETED = "scenario_deleted"
    ENDED = "ended"

    @property
    def is_about_a_scenario(self) -> bool:
        """Whether its subject is the id of a scenario: titles that leads wrote lie encrypted elsewhere."""
        return self.name.startswith("SCENARIO")


@dataclass(frozen=True)
class ProgramChange:
    """One change.

    Attributes:
        changed_on: in the program's zone.
        changed_by: Slack user; None for the operator.
        subject: the name of the cohort or circle, or the Slack user of a lead; of a scenario its id as it is
            stored, and its title as it is read, empty once it is gone; else empty.
        old, new: what it was and is, or the first and last day of days off; empty where there is none.
    """

    changed_on: date
    changed_by: str | None
    what: What
    subject: str = ""
    old: str = ""
    new: str = ""


class Refusal(StrEnum):
    """Why a change cannot be made; `prompts.programs.refusals` has the words."""

    ASKED = "asked"
    BACKWARDS = "backwards"
    COHORT_LISTED = "cohort_listed"
    COHORT_NAME = "cohort_name"
    COHORT_TAKEN = "cohort_taken"
    CONTACT = "contact"
    COUNTRY = "country"
    EMERGENCY = "emergency"
    FIGURES_MOVE = "figures_move"
    FROZEN = "frozen"
    LAST_LEAD = "last_lead"
    NAME = "name"
    NAME_TAKEN = "name_taken"
    NO_CLOSURE = "no_closure"
    NO_COHORT = "no_cohort"
    ONLY_COHORT = "only_cohort"
    OTHER_NAME = "other_name"
    OVER = "over"
    OVERLAPS = "overlaps"
    PAST = "past"
    POOL_COUNTS_OTHERWISE = "pool_counts_otherwise"
    POOL_CUSTODIAN = "pool_custodian"
    POOL_LATE = "pool_late"
    POOL_NAME = "pool_name"
    POOL_NAMED = "pool_named"
    POOL_OF_OTHERS = "pool_of_others"
    PUBLISHED = "published"
    TOO_FAR = "too_far"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    ZONE = "zone"
