"""Fills a database and a vault with many people and a quarter of a program behind them, in bulk.

Made of rows, not of use cases, which would take hours for a million people. The real code can read all of
it: plans are encrypted and windows have keys. All people share one personal key and one text, and all boxes
one key pair, because encrypting each anew would take longer than all the rest; the sizes are the real ones.
"""

import random
import secrets

from allybot.crypto import new_personal_key, new_window_keys, seal
from allybot.services.context import Context
from allybot.store import tables
from allybot.store.vault.vault import person_key, window_key
from bench.seeding import circles, people
from bench.seeding.bulk import gather_statistics, load, without_indexes
from bench.seeding.scale import NEXT_STEP, NOW, PEOPLE_A_CIRCLE, TOKEN, Layout, Scale, Shared

__all__ = ["NEXT_STEP", "NOW", "TOKEN", "Scale", "fill"]


def fill(context: Context, scale: Scale) -> None:
    """Fill empty, migrated databases; statistics are gathered where a server would do so by itself."""
    personal, (private, public) = new_personal_key(), new_window_keys()
    shared = Shared(
        context.keyring.wrap(personal),
        context.keyring.wrap(private),
        public,
        seal(public, bytes(32)),
    )
    rng = random.Random(scale.people)  # noqa: S311 - which moments, not secrets
    ids = [secrets.token_hex(16) for _ in range(scale.people)]
    layout = Layout.of(scale)
    with without_indexes(context.database, tables.metadata.sorted_tables):
        load(context.database, tables.workspace, people.workspaces_rows(context, layout))
        load(context.database, tables.program, people.programs_rows(layout))
        load(context.database, tables.cohort, people.cohorts_rows(layout))
        windows = list(people.windows_rows(layout, shared))
        load(context.database, tables.window, windows)
        load(context.database, tables.trainee, people.trainees_rows(ids, layout, scale, rng))
        load(context.database, tables.private_record, people.records_rows(ids, personal))
        open_windows = [window["id"] for window in windows if window["state"] == "open"]
        check_ins = [[secrets.token_hex(16) for _ in range(scale.steps)] for _ in ids]
        load(context.database, tables.check_in, people.check_ins_rows(ids, check_ins, open_windows, layout))
        load(context.database, tables.outbox, people.messages_rows(ids, check_ins, layout))
        circle_ids = [secrets.token_hex(16) for _ in range(-(-scale.people // PEOPLE_A_CIRCLE))]
        following = circles.next_monday(context, layout)
        load(context.database, tables.circle, circles.circles_rows(circle_ids, layout, scale, following))
        load(context.database, tables.circle_member, circles.members_rows(ids, circle_ids))
        open_weeks = [secrets.token_hex(16) for _ in circle_ids]
        weeks = circles.weeks_rows(ids, circle_ids, open_weeks, scale, shared)
        load(context.database, tables.circle_week, weeks)
        load(context.database, tables.vote, circles.votes_rows(ids, open_weeks, shared))
    load(context.vault, person_key, ({"trainee_id": one, "key_wrapped": shared.key_wrapped} for one in ids))
    boxes = [*open_windows, *open_weeks]
    load(
        context.vault,
        window_key,
        ({"box_id": box, "private_wrapped": shared.private_wrapped} for box in boxes),
    )
    gather_statistics(context.database)
    gather_statistics(context.vault)
