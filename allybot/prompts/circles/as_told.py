"""A scenario as one circle is told it in one week: in a language, and with names that nobody there has."""

from collections.abc import Mapping
from functools import partial

from allybot.content import Scenario
from allybot.domain.story_names import renamed
from allybot.i18n import Say


def as_told(say: Say, story: Scenario, names: Mapping[str, str]) -> Scenario:
    """The story with these names instead of its own, translated; the story itself where there are none.

    What stands in it then is in no catalogue, so it stays as it is wherever it is said. Its research names
    authors and is left alone.
    """
    if not names:
        return story
    tell = partial(_tell, say, names)
    plan = story.make_it_my_plan
    return story.model_copy(
        update={
            "title": tell(story.title),
            "warning": story.warning and tell(story.warning),
            "situation": tell(story.situation),
            "questions": tuple(map(tell, story.questions)),
            "options": tuple(
                each.model_copy(update={"text": tell(each.text), "what_it_does": tell(each.what_it_does)})
                for each in story.options
            ),
            "notes": tuple(map(tell, story.notes)),
            "opener": story.opener and tell(story.opener),
            "her_view": tell(story.her_view),
            "where_to_turn": story.where_to_turn and tell(story.where_to_turn),
            "make_it_my_plan": plan.model_copy(
                update={"cue": tell(plan.cue), "response": tell(plan.response)}
            ),
        }
    )


def _tell(say: Say, names: Mapping[str, str], text: str) -> str:
    return renamed(say(text), names)
