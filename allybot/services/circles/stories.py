"""Stories as circles are told them: with the names that were chosen for a week."""

from allybot.content import Content, Scenario
from allybot.domain.circles import CircleWeek
from allybot.domain.story_names import substitutes
from allybot.i18n import Say
from allybot.prompts.circles.as_told import as_told


def story_of(content: Content, week: CircleWeek, say: Say) -> Scenario:
    """A week's story as its circle is told it."""
    return told(content, week.scenario_id, week.names or 0, say)


def told(content: Content, scenario_id: str, variant: int, say: Say) -> Scenario:
    """A story with the names of this variant.

    Raises:
        NotFoundError: there is no such story.
    """
    story = content.scenario(scenario_id)
    return as_told(say, story, substitutes(story.people, content.story_names, variant))
