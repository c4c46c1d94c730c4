"""Which names a week's story has in a circle, chosen before anything of it is sent.

The members' names are read from Slack, compared in memory and forgotten: only the number of the variant is
kept, so that Thursday's text agrees with Monday's.
"""

from collections.abc import Callable, Collection, Sequence

from allybot.domain.people import Actor
from allybot.domain.story_names import free_variant
from allybot.domain.trainee import is_in_slack
from allybot.errors import SlackError
from allybot.services.circles.messages import found_week
from allybot.services.context import Context
from allybot.store.circles import circles, weeks
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow

_TELL_A_STORY = frozenset({MessageKind.FACILITATOR_KIT, MessageKind.SCENARIO})
NamesOf = Callable[[Sequence[Actor]], Collection[str]]
"""The full names of these people, from Slack; raises SlackError."""


def choose(context: Context, row: OutboxRow, names_of: NamesOf) -> None:
    """Choose the names of the story that a message tells, once for its week.

    Where Slack does not say what the members are called, the story is told with the names it ships with.
    """
    if row.kind not in _TELL_A_STORY:
        return
    with context.database.reading() as tx:
        found = found_week(tx, row.about_id)
        if found is None or found[2].names is not None:
            return
        _, circle, week = found
        members = [each for each in circles.members(tx, circle.id) if is_in_slack(each.state)]
    stories = {each.id: each for each in context.content.scenarios}
    people = stories[week.scenario_id].people if week.scenario_id in stories else {}
    variant = 0
    if people:
        try:
            real = names_of([Actor(circle.workspace_id, each.slack_user) for each in members])
            variant = free_variant(people, context.content.story_names, real)
        except SlackError:
            pass  # told as it ships, on Thursday too
    with context.database.transaction() as tx:
        weeks.name_people(tx, week, variant)
