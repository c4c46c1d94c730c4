"""Content as long as its rules allow, for prompts that show it."""

from allybot.content import Content, Library, Scenario, WholePlan
from allybot.domain.plans import PlanKind


def libraries(content: Content) -> list[Library]:
    """A library as large as its rules allow, and one of a program that switched kinds off."""
    library = content.plan_library
    kinds = {}
    for kind, parts in library.kinds.items():
        cues = tuple(
            parts.cues[0].model_copy(update={"id": f"c{place}", "text": "m" * 75}) for place in range(100)
        )
        responses = tuple(
            parts.responses[0].model_copy(update={"id": f"r{place}", "text": "m" * 75})
            for place in range(100)
        )
        obstacles = tuple(
            parts.obstacles[0].model_copy(update={"id": f"o{place}", "text": "m" * 75}) for place in range(20)
        )
        kinds[kind] = parts.model_copy(
            update={
                "cues": cues,
                "responses": responses,
                "obstacles": obstacles,
                "title": "m" * 24,
                "example": WholePlan(cue="m" * 75, response="m" * 75),
            }
        )
    repairs = {
        outcome: repair.model_copy(
            update={
                "label": "m" * 75,
                "heading": "m" * 24,
                "help": "m " * 300,
                "suggestions": tuple(
                    each.model_copy(update={"cue": "m" * 75, "response": "m" * 75, "note": "m" * 75})
                    for each in (repair.suggestions * 2)[:5]
                ),
            }
        )
        for outcome, repair in library.repairs.items()
    }
    one_kind = {PlanKind.LISTENING: library.kind(PlanKind.LISTENING)}
    return [
        library.model_copy(update={"kinds": kinds, "repairs": repairs}),
        library.model_copy(update={"kinds": one_kind}),
    ]


def scenario(content: Content) -> Scenario:
    """A scenario as long as its rules allow."""
    story = content.scenarios[0]
    option = story.options[0].model_copy(update={"text": "m" * 75, "what_it_does": "m " * 100})
    plan = story.make_it_my_plan.model_copy(update={"cue": "m" * 75, "response": "m" * 75})
    return story.model_copy(
        update={
            "id": f"own-{'7' * 32}",
            "lines": ("m " * 100,) * 3,
            "title": "m" * 75,
            "situation": "m " * 600,
            "questions": ("m " * 100,) * 3,
            "options": (option,) * 5,
            "notes": ("m " * 100,) * 2,
            "opener": "m " * 100,
            "warning": "m " * 100,
            "where_to_turn": "m " * 100,
            "research": "m " * 300,
            "her_view": "m " * 300,
            "make_it_my_plan": plan,
        }
    )
