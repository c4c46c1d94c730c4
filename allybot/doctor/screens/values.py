"""What a prompt's arguments may be: longest texts, choices, numbers and counts, by the name of the parameter.

A name stands alone, or with the class or the prompt that it belongs to: `Note.text`.
"""

from datetime import date
from random import Random

from allybot.content import Content
from allybot.domain import suggestions
from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, HISTOGRAM, Tier
from allybot.domain.check_ins import CheckInState, Pick
from allybot.domain.circle_questions import TextKind
from allybot.domain.deeds import MAX_DEED_LENGTH, MOST_IN_A_ROUND
from allybot.domain.figures import Release, release_of
from allybot.domain.notes import MAX_NOTE_LENGTH, MAX_NOTES
from allybot.domain.plans import BARRIERS, PlanKind, PlanState
from allybot.domain.role_stories import LONGEST
from allybot.domain.windows import WindowState
from allybot.prompts import ids
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState

LEGAL_NAME, LEGAL_HALF, LEGAL_WHY, LEGAL_QUESTION = 200, 300, 500, 1000
"""Longest names (tables), halves of a plan, whys and questions (allybot.toml), in characters."""
_CLOSED_ON = date(2026, 2, 27)
_SHORT = 60
"""Characters of a line that is short enough to stand among others."""

LENGTHS = {
    "names": 1000,
    "ReviewPage.text": 3000,
    "cue": LEGAL_HALF,
    "response": LEGAL_HALF,
    "coping": LEGAL_HALF,
    "wish": ids.MAX_THOUGHT_LENGTH,
    "own_obstacle": ids.MAX_THOUGHT_LENGTH,
    "why": LEGAL_WHY,
    "word": LEGAL_WHY,
    "text": LEGAL_QUESTION,
    "questions": LEGAL_QUESTION,
    "deeds": MAX_DEED_LENGTH,
    "texts": MAX_DEED_LENGTH,
    "allybot.prompts.circles.deeds.named_deed.text": MAX_DEED_LENGTH,
    "allybot.prompts.circles.deeds.tell_form.text": MAX_DEED_LENGTH,
    "words": LEGAL_WHY,
    **{f"StoryWords.{part}": most for part, most in LONGEST.items()},
    "emergency_number": 20,
    "zone": 40,
    "ChangeFormValue.text": LEGAL_NAME,
    "DraftValue.minimum": 2,
    "DraftValue.people": 6,
    "allybot.prompts.programs.creating.form.minimum": 2,
    "Note.text": MAX_NOTE_LENGTH,
    "Suggestion.text": suggestions.MAX_LENGTH,
    "HeldTrainee.suggestion": suggestions.MAX_LENGTH,
    "suggestion": suggestions.MAX_LENGTH,
    "answer": suggestions.MAX_ANSWER_LENGTH,
    "allybot.prompts.programs.suggestions.suggestion_form.text": suggestions.MAX_LENGTH,
    "allybot.prompts.programs.suggestions.quoted.text": suggestions.MAX_LENGTH,
    "allybot.prompts.programs.suggestions_to_leads.answer_form.text": suggestions.MAX_ANSWER_LENGTH,
}


def release(chance: Random) -> Release:
    """A window that was void, one with a count, one with two, or one with a histogram."""
    window = chance.choice(["1-6", "7-13"])
    match chance.randrange(4):
        case 0:
            return Release(window, WindowState.VOID, _CLOSED_ON, 18)
        case 1:
            return release_of(window, _CLOSED_ON, 18, 14, Tier.S, 1000, {"acted": chance.randint(0, 14)})
        case 2:
            had = chance.randint(0, 14)
            both = {CELL_ACTED: chance.randint(0, had), CELL_MOMENT: had}
            return release_of("1-13", _CLOSED_ON, 18, 14, Tier.MOMENTS, 1000, both)
    noisy = {outcome.value: chance.randint(0, 11) for outcome in HISTOGRAM}
    return release_of(window, _CLOSED_ON, 120, 100, Tier.M, 2000, noisy)


def choices(content: Content) -> dict[str, list[str]]:
    """Texts that are chosen from a list, and parts of the content."""
    return {
        "pick": ["", *Pick, *BARRIERS],
        "way": ["", "any.0", "any.1", "send-one-line", "private-message"],
        "PlanFormValue.aside": ["", f"{1:032d}"],
        "tap": ["acted", "not_acted", "no_moment"],
        "kind": [*PlanKind],
        "obstacle": [
            "",
            ids.OWN_OBSTACLE,
            *(each.id for kind in content.plan_library.kinds.values() for each in kind.obstacles),
        ],
        "entry": ["", "own-slip", "sorry-without-reason", *(each.id for each in content.lines.said[14:28])],
        "rehearsal": [each.id for each in content.rehearsals.rehearsals],
        "RehearsalValue.entry": [each.id for each in content.rehearsals.rehearsals],
        "RehearsalValue.said": ["", "a", "o", "co", "ob", "oba", "aoc", "bco"],
        "lines": [line for each in content.lines.said[:5] for line in each.lines if len(line) < _SHORT],
        "kinds": [kind.title for kind in content.plan_library.kinds.values()],
        "filled": ["", ".1a2b3c4d"],
        "field": ["cue", "response", "kind", "next_moment_on", "coping"],
        "reason": [
            "empty",
            "too_long",
            "taken",
            "full",
            "off",
            "past",
            "too_far",
            "not_understood",
            "unknown",
        ],
        "window": ["1-6", "7-13"],
        "sealed": ["1-6", "7-13"],
        "closing": ["1-6", "7-13"],
        "waiting": ["1-6", "7-13"],
        "next_window": ["1-6", "7-13"],
        "key_holder": ["vault", "custodian"],
        "country": ["", "DE"],
        "language": ["en", "de"],
        "channel": ["C0123456789"],
        "dm_channel": ["D0123456789"],
        "locale": ["en-GB"],
        "circle_channel": ["C0123456789"],
        "slack_user": ["U0123456789"],
        "facilitator": ["U0123456789"],
        "next_facilitator": ["U0123456789"],
        "second": ["U0123456789"],
        "together_with": ["U0123456789"],
        "coming": ["U0123456789"],
        "weeks": ["U0123456789"],
        "lead": ["U0123456789"],
        "leads": ["U0123456789"],
        "open_windows": ["1-6", "7-13"],
        "windows": ["1-6", "7-13"],
        "user": ["U0123456789"],
        "author": ["U0123456789"],
        "users": ["U0123456789"],
        "merge_proposed": ["7" * 32],
        "lost": [f"own-{'7' * 32}"],
        "OwnScenarioValue.program": ["7" * 32],
        "OwnScenarioValue.scenario": ["", f"own-{'7' * 32}"],
        "TellFormValue.story": ["7" * 32],
        "ChangeFormValue.program": ["7" * 32],
        "PauseCircleValue.circle": ["7" * 32],
        "PauseCircleValue.by": ["", "7" * 32],
        "preview_for": ["U0123456789"],
        "settled_by": ["U0123456789"],
        "SuggestionValue.suggestion": ["7" * 32],
        "SuggestionAnswerValue.suggestion": ["7" * 32],
        "ToldStory.name": ["U0123456789"],
        "allybot.prompts.circles.role_stories.role_story.name": ["U0123456789"],
        "seen": ["", "7" * 64],
        "EnteredValue.program": ["7" * 32],
        "EnteredValue.cohort": ["7" * 32],
        "EnteredValue.group": ["", "S0123456789"],
        "EnteredValue.left_out": ["", "U0123456789 U0123456789"],
        "CorrectionValue.program": ["7" * 32],
        "CorrectionValue.what": ["c", "x"],
        "CorrectionValue.to": ["", "7" * 32],
        "allybot.prompts.programs.adding.add_form.groups": ["S0123456789"],
        "allybot.prompts.programs.adding.try_again_form.why": ["12"],
        "allybot.prompts.programs.corrections.correct_form.programs": ["7" * 32],
        "allybot.prompts.programs.proposing.circles_form.done": ["", "12"],
        "allybot.prompts.programs.proposing.proposal.circles": ["U0123456789"],
        "message_ts": ["1767225600.000100"],
        "thread": ["", "1767225600.000100"],
        "allybot.prompts.delivery.messages.why_parked.reason": [
            "time_out",
            "no_such_code",
            "invalid_blocks",
            "nobody_to_ask",
        ],
        "HeldPlan.kind": [*PlanKind],
        "HeldPlan.state": [*PlanState],
        "HeldCheckIn.state": [*CheckInState],
        "HeldCircleText.kind": [*TextKind],
        "HeldStory.asked_by": ["U0123456789"],
        "HeldMessage.kind": [*MessageKind],
        "HeldMessage.state": [*MessageState],
    }


NUMBERS = {
    "minimum": (5, 50),
    "minimum_respondents": (5, 50),
    "min_votes": (3, 10),
    "weeks": (1, 4),
    "most": (3, 3),
    "step": (3, 90),
    "course": (0, 1),
    "shown": (0, 2),
    "quiet_days": (0, 4),
    "working_days": (0, 4),
    "hours": (9, 16),
    "own_hour": (9, 16),
    "check_in_hour": (9, 16),
    "reminders_sent": (0, 3),
    "days": (90, 90),
    "check_ins": (8, 8),
    "length": (301, 3000),
    "longest": (300, 500),
}
"""Lowest and highest of a number that is not just any."""
MOST = {
    "plans": 12,
    "earlier": 3,
    "notes": MAX_NOTES,
    "remarks": 4,
    "texts": MOST_IN_A_ROUND,
    "unanswered": suggestions.MOST_IN_A_ROUND,
    "wordings": 12,
    "check_ins": 8,
    "messages": 40,
    "pages": 12,
    "summaries": 10,
    "counted_on": 2,
    "closing": 2,
    "sealed": 2,
    "cohorts": 4,
    "leads": 4,
    "kinds": 4,
    "other_plans": 2,
    "waiting": 1,
    "changes": 50,
    "lost": 1,
    "closures": 8,
    "open_windows": 2,
    "scenarios": 13,
    "windows": 2,
    "releases": 2,
    "found": 11,
    "added": 300,
    "already": 300,
    "doubtful": 60,
    "by_hand": 14,
    "users": 11,
    "together_with": 1,
    "coming": 4,
    "weeks": 4,
}
LEAST = {
    "all": 1,
    "working_days": 1,
    "led": 1,
    "programs": 1,
    "kinds": 1,
    "pages": 1,
    "summaries": 1,
    "cohorts": 1,
    "leads": 1,
}
"""How many of something there may be."""
