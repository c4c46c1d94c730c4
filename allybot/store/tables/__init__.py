"""Every table, a comment per column. All datetimes are UTC; ids are random unless said otherwise.

The vault, a second database with its own backup rules, has its tables in `store/vault`.
"Due" times run on the program's clock; leases, budgets and look-ups ("real") on the database's.
"""

from allybot.store.tables.check_ins import check_in
from allybot.store.tables.circles import (
    circle,
    circle_leaver,
    circle_member,
    circle_text,
    circle_week,
    deed,
    role_story,
    role_story_circle,
    vote,
)
from allybot.store.tables.columns import metadata
from allybot.store.tables.delivery import (
    channel_budget,
    outbox,
    parked_row,
    restored,
    signature_check,
    worker_sign,
)
from allybot.store.tables.outcomes import ballot, pooled_ballot, release, window
from allybot.store.tables.plans import private_record
from allybot.store.tables.programs import (
    cohort,
    installation,
    lead,
    own_scenario,
    program,
    program_change,
    program_count,
    program_creator,
    program_scenario,
    suggestion,
    workspace,
)
from allybot.store.tables.trainees import trainee

__all__ = [
    "ballot",
    "channel_budget",
    "check_in",
    "circle",
    "circle_leaver",
    "circle_member",
    "circle_text",
    "circle_week",
    "cohort",
    "deed",
    "installation",
    "lead",
    "metadata",
    "outbox",
    "own_scenario",
    "parked_row",
    "pooled_ballot",
    "private_record",
    "program",
    "program_change",
    "program_count",
    "program_creator",
    "program_scenario",
    "release",
    "restored",
    "role_story",
    "role_story_circle",
    "signature_check",
    "suggestion",
    "trainee",
    "vote",
    "window",
    "worker_sign",
    "workspace",
]
