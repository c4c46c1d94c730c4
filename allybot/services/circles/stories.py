"""Stories as circles are told them: with the names that were chosen for a week."""

from allybot.content import Content, Scenario
from allybot.domain.circles import CircleWeek
from allybot.domain.story_names import substitutes
from allybot.i18n import Say
from allybot.prompts.circles.as_told import as_told
from allybot.services.circles.own_scenarios import scenario_of
from allybot.services.context import Context
from allybot.store.engine.database import Transaction


def story_of(context: Context, tx: Transaction, program_id: str, week: CircleWeek, say: Say) -> Scenario:
    """A week's story as its circle is told it.

    Raises:
        DecryptionError, NotFoundError: as `own_scenarios.scenario_of`.
    """
    story = scenario_of(context, tx, program_id, week.scenario_id)
    return renamed(context.content, story, week.names or 0, say)


def renamed(content: Content, story: Scenario, variant: int, say: Say) -> Scenario:
    """A story with the names of this variant."""
    return as_told(say, story, substitutes(story.people, content.story_names, variant))
