"""Prints every way to repair each of a hundred plans after every answer, to be read by a person.

`python -m bench.print_ways [fear|bystander|listening|practice]`
"""

import sys

from allybot.content import load_content
from allybot.domain.plans import Outcome
from allybot.i18n import Say
from allybot.prompts.plans.repairs import ways
from allybot.prompts.plans.sentence import sentence
from tests.support.hundred_plans import hundred_plans


def main(kinds: list[str]) -> None:
    """Print the ways of the plans of these kinds, or of all."""
    say, content = Say(), load_content()
    library = content.plan_library
    for kind, words in hundred_plans():
        if kinds and kind not in kinds:
            continue
        print(f"\n## {kind}: {sentence(say, words)}")
        lines = content.lines.for_plan(library, content.scenarios, kind, words)
        for outcome in Outcome:
            for way in ways(say, library, kind, words, outcome, 0, lines=lines, most=99):
                changed = way.words.response if way.words.cue == words.cue else sentence(say, way.words)
                print(f"{outcome:16} {way.cue_object or changed}")


if __name__ == "__main__":
    main(sys.argv[1:])
