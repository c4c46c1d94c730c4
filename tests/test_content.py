"""The words and rules of a program: that ours load and read well, and that a mistake is named plainly."""

import itertools
import json
import re
import shutil
from datetime import time
from pathlib import Path

import pytest

from allybot.content import Content, default_directory, load_content
from allybot.demo.cast import COLLEAGUES, LEAD_NAME, cast
from allybot.demo.session import SUPPORT_CONTACT
from allybot.domain.plan_tags import tags_of_cue
from allybot.domain.plans import MAX_HALF_LENGTH, Outcome, PlanKind
from allybot.errors import ContentError, NotFoundError
from tests.support.library import text_of

REASONS_FOR_SCOPES = {
    "chat:write": "send check-ins by DM and post scenarios in the circles it was invited to",
    "commands": "/allybot",
    "files:write": "send a person a copy of their own data as a file in their DM",
    "groups:read": "see who is in a circle's private channel, and hear that it was archived or left",
    "groups:write": "where granted: make a circle's private channel, and invite people into it",
    "im:history": "hear the DMs people send to the bot, and look whether an uncertain DM arrived",
    "im:write": "open the DM with a trainee",
    "reactions:read": "where granted: bring the buttons to who reacts to a check-in",
    "usergroups:read": "where granted: the people of a user group that a lead adds",
    "users:read": "know a person's time zone and whether the account is still active",
    "users:read.email": "enrol people from a list of e-mail addresses",
}
REASONS_FOR_EVENTS = {
    "app_home_opened": "draw the Home tab",
    "app_uninstalled": "stop and clean up",
    "channel_id_changed": "follow a circle's channel to the id it gets when it is shared",
    "channel_shared": "let a circle rest whose channel was shared with others",
    "channel_unshared": "let it go on when that is over",
    "group_archive": "close a circle whose private channel was archived",
    "group_left": "notice that the bot was removed from a circle",
    "member_joined_channel": "seat somebody of the program who has joined a circle's channel",
    "member_left_channel": "drop a member who has left the circle from the facilitators' rota",
    "message.im": "answer typed DMs",
    "reaction_added": "bring the buttons to who reacts to a check-in",
    "team_access_granted": "log that more workspaces of an organisation are reached",
    "team_access_revoked": "log that fewer are",
    "tokens_revoked": "stop and clean up",
    "user_change": "follow a new time zone or a closed account",
}
BLAME_AND_FLATTERY = re.compile(
    r"why didn't you|why did you not|you should have|you failed|your fault|excuse for|shame on"
    r"|good man|good men|great ally|true ally|real ally|hero|proud of you|ashamed",
    re.IGNORECASE,
)
FORMATTING = re.compile(r"[<>&*_~`{}]")
HIS_WORDS = re.compile(r"{(cue|response)}")
"""Where the trainee's own words stand in a way to repair a plan."""


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A content directory of one's own, as ours, to be spoilt."""
    for file in default_directory().glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def spoil(directory: Path, file: str, right: str, wrong: str) -> None:
    text = (directory / file).read_text(encoding="utf-8")
    assert right in text, f"{file} no longer holds {right!r}"
    (directory / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")


def problems(directory: Path) -> list[str]:
    with pytest.raises(ContentError) as refused:
        load_content(directory)
    return str(refused.value).splitlines()


def every_text(part: object) -> list[str]:
    """Every string a person may read, wherever it stands."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        return [text for key, value in part.items() if key != "id" for text in every_text(value)]
    if isinstance(part, list | tuple):
        return [text for value in part for text in every_text(value)]
    return []


def sentence(cue: str, response: str) -> str:
    return f"If {cue}, then I will {response}."


# --- what ships


def test_the_content_that_ships_loads(content: Content) -> None:
    assert content.rules.ladder.steps_days == (3, 10, 17, 28, 42, 56, 70)
    assert content.rules.ladder.replan_day == 90
    assert content.rules.check_ins.local_time == time(10)
    assert [day.number for day in content.rules.check_ins.weekdays] == [1, 2, 3]
    assert len(content.scenarios) >= 40
    assert set(content.plan_library.kinds) == set(PlanKind)
    assert set(content.plan_library.repairs) == set(Outcome)


def test_each_step_counts_in_one_window_and_the_new_plan_in_none(content: Content) -> None:
    windows = content.rules.windows
    named = {
        day: tuple(window.name for window in windows.of_step(day)) for day in content.rules.ladder.steps_days
    }
    first, second = ("1-6", "1-13"), ("7-13", "1-13")
    assert named == {3: first, 10: first, 17: first, 28: first, 42: first, 56: second, 70: second}
    assert windows.of_step(content.rules.ladder.replan_day) == ()
    assert [window.name for window in windows.of(counts_moments=False)] == ["1-6", "7-13"]
    (whole,) = windows.of(counts_moments=True)
    assert (whole.name, whole.ends_on_day) == ("1-13", 91)


def test_a_custom_directory_replaces_the_content(directory: Path) -> None:
    spoil(directory, "scenarios.toml", "Cut off in mid-sentence", "A word of our own")
    assert load_content(directory).scenario("talked-over").title == "A word of our own"


def test_an_unknown_id_is_named(content: Content) -> None:
    with pytest.raises(NotFoundError, match="no-such-scenario"):
        content.scenario("no-such-scenario")


def test_every_kind_of_scenario_comes_in_the_first_thirteen_weeks(content: Content) -> None:
    assert {each.kind for each in content.scenarios[:13]} == set(PlanKind)


def test_a_situation_can_be_read_in_a_minute(content: Content) -> None:
    words = {scenario.id: len(scenario.situation.split()) for scenario in content.scenarios}
    assert {name: count for name, count in words.items() if not 60 <= count <= 130} == {}


def test_what_is_read_before_voting_has_at_most_140_words(content: Content) -> None:
    words = {s.id: len(f"{s.situation} {s.questions[0]}".split()) for s in content.scenarios}
    assert {name: count for name, count in words.items() if count > 140} == {}


def test_a_circle_in_the_middle_goes_on_with_the_story_it_would_have_had(content: Content) -> None:
    """The order in which the first nineteen have always come; new ones stand after them."""
    assert [each.id for each in content.scenarios[:19]] == [
        *("talked-over", "own-slip", "minutes-again", "after-the-news", "her-idea-his-credit"),
        *(
            "first-big-customer",
            "reminds-me-of-me",
            "so-emotional",
            "what-should-improve",
            "the-soft-feedback",
        ),
        *(
            "five-men-one-rota",
            "diversity-bonus",
            "the-day-after",
            "hired-for-fit",
            "explained-her-own-field",
        ),
        *("back-from-leave", "faces-on-the-screen", "funny-accent", "settled-at-the-bar"),
    ]


def test_one_option_is_honest_and_says_kindly_what_it_tends_to_bring(content: Content) -> None:
    honest = "Probably nothing, this time"
    for scenario in content.scenarios:
        assert [option.text for option in scenario.options].index(honest) == len(scenario.options) - 1 == 4
        assert not re.search(r"\b(coward|shame|excuse|fail|should have)", scenario.options[-1].what_it_does)
    said = {scenario.options[-1].what_it_does for scenario in content.scenarios}
    assert len(said) == len(content.scenarios)


def test_a_facilitator_gets_two_notes_of_the_story_and_one_of_them_to_paste(content: Content) -> None:
    assert {len(scenario.notes) for scenario in content.scenarios} == {2}
    assert all(scenario.opener for scenario in content.scenarios)


def test_the_people_of_the_stories_are_not_those_of_the_demo(content: Content) -> None:
    everybody = [*(who.name for who in cast(18, 1)), *(name for _, name, _ in COLLEAGUES), LEAD_NAME]
    names = {name.split()[0] for name in [*everybody, SUPPORT_CONTACT]}
    told = " ".join(s.model_dump_json() for s in content.scenarios)
    assert {name for name in names if re.search(rf"\b{name}\b", told)} == set()


def test_a_vote_button_never_fills_its_label(content: Content) -> None:
    assert max(len(option.text) for s in content.scenarios for option in s.options) <= 70


def test_no_option_is_marked_right(content: Content) -> None:
    texts = [option.text + option.what_it_does for s in content.scenarios for option in s.options]
    assert [text for text in texts if re.search(r"\b(best option|correct answer|right answer)\b", text)] == []


def test_every_kind_has_enough_halves_to_choose_from(content: Content) -> None:
    for kind in content.plan_library.kinds.values():
        assert len(kind.cues) >= 12
        assert len(kind.responses) >= 12
        assert len({half.text for half in (*kind.cues, *kind.responses)}) == len(kind.cues + kind.responses)


def test_only_practices_name_what_is_within_reach(content: Content) -> None:
    with_practices = [kind for kind, parts in content.plan_library.kinds.items() if parts.practices]
    assert with_practices == [PlanKind.PRACTICE]
    assert len(content.plan_library.kind(PlanKind.PRACTICE).practices) >= 10


def test_every_joined_pair_of_a_kind_reads_as_one_sentence(content: Content) -> None:
    shape = re.compile(r"If (I|[a-z])[^.!?<>]*[a-z], then I will [a-z][^.!?<>]*[a-z]\.")
    for kind in content.plan_library.kinds.values():
        for cue, response in itertools.product(kind.cues, kind.responses):
            joined = sentence(cue.text, response.text)
            assert shape.fullmatch(joined), joined
            assert "  " not in joined


def test_a_response_says_what_to_do_in_the_plainest_form(content: Content) -> None:
    """After "I will" stands a bare infinitive: the first word is never a pronoun, an -ed or an -s form."""
    responses = [r.text for kind in content.plan_library.kinds.values() for r in kind.responses]
    responses += [s.make_it_my_plan.response for s in content.scenarios]
    responses += [
        s.response.replace("{response}", "act")
        for r in content.plan_library.repairs.values()
        for s in r.suggestions
        if s.response
    ]
    first_words = {text.split()[0] for text in responses}
    odd = {word for word in first_words if re.search(r"(ed|ing|[^s]s)$", word)} - {"bring", "need"}
    assert odd == set()


def test_examples_and_prefilled_plans_read_as_one_sentence(content: Content) -> None:
    for kind in content.plan_library.kinds.values():
        assert re.fullmatch(
            r"If [^.]+, then I will [^.]+\.", sentence(kind.example.cue, kind.example.response)
        )
    for scenario in content.scenarios:
        plan = scenario.make_it_my_plan
        assert len(plan.cue) <= MAX_HALF_LENGTH
        assert len(plan.response) <= MAX_HALF_LENGTH
        assert re.fullmatch(r"If [^.]+, then I will [^.]+[a-z]\.", sentence(plan.cue, plan.response))


def test_repairs_keep_the_own_cue_and_some_keep_the_own_response(content: Content) -> None:
    for outcome, repair in content.plan_library.repairs.items():
        assert [s.cue for s in repair.suggestions if s.cue and "{cue}" not in s.cue] == [], outcome
        if repair.suggestions and outcome is not Outcome.UNSURE_HOW:  # there it is the words that are missing
            assert [s for s in repair.suggestions if s.cue or s.cue_object or "{response}" in str(s.response)]


def test_somebody_who_forgot_keeps_the_plan_and_gets_a_reminder(content: Content) -> None:
    ways = content.plan_library.repair(Outcome.FORGOT).suggestions
    assert [way for way in ways if way.cue or way.response or not way.cue_object] == []


def test_somebody_without_a_moment_widens_the_cue_and_others_change_the_response(content: Content) -> None:
    def halves(outcome: Outcome) -> tuple[int, int]:
        suggestions = content.plan_library.repair(outcome).suggestions
        return sum(s.cue is not None for s in suggestions), sum(s.response is not None for s in suggestions)

    cues, responses = halves(Outcome.NO_MOMENT)
    assert cues > responses
    for changes_the_response in (Outcome.NO_TIME, Outcome.NOT_MY_PLACE, Outcome.FEARED_REACTION):
        cues, responses = halves(changes_the_response)
        assert responses > cues


def test_a_response_is_tied_only_to_tags_that_some_cue_of_its_kind_has(content: Content) -> None:
    tags = content.plan_library.compiled_tags
    for kind in content.plan_library.kinds.values():
        present = {tag for cue in kind.cues for tag in tags_of_cue(cue.text, tags)} | {"touch"}
        assert {tag for response in kind.responses for tag in response.goes_with} - present == set()


def test_every_cue_of_the_library_has_responses_that_are_made_for_it_or_go_with_all(content: Content) -> None:
    tags = content.plan_library.compiled_tags
    for kind in content.plan_library.kinds.values():
        for cue in kind.cues:
            present = tags_of_cue(cue.text, tags)
            fitting = [each for each in kind.responses if each.makes_sense_with(present)]
            assert fitting, cue.text


def test_for_a_picked_if_the_fitting_thens_come_first(content: Content) -> None:
    library = content.plan_library
    kind = library.kind(PlanKind.BYSTANDER)
    cut_off, spared = text_of(library, "bystander-cut-off"), text_of(library, "bystander-spared")
    first, *_ = kind.responses_to(cut_off, kind.responses, library.compiled_tags)
    assert first.id == "hear-the-rest"
    ordered = [each.id for each in kind.responses_to(spared, kind.responses, library.compiled_tags)]
    assert ordered.index("ask-whether-to-act") < ordered.index("hear-the-rest")
    assert set(ordered) == {each.id for each in kind.responses}


def test_the_library_has_something_for_every_obstacle(content: Content) -> None:
    barriers = set(Outcome) - {Outcome.ACTED, Outcome.NOT_ACTED}
    offered = {
        outcome
        for outcome in barriers
        for kind in content.plan_library.kinds.values()
        if kind.cues_for(outcome) or kind.responses_for(outcome)
    }
    assert offered == barriers


def test_nothing_blames_or_flatters(content: Content) -> None:
    texts = every_text(content.model_dump(mode="json", exclude={"typed_words"}))
    assert [text for text in texts if BLAME_AND_FLATTERY.search(text)] == []


def test_no_text_holds_characters_that_slack_would_format(content: Content) -> None:
    never_shown = {"rules": True, "typed_words": True, "plan_library": {"tags"}, "lines": {"topics"}}
    words = every_text(content.model_dump(mode="json", exclude=never_shown))
    keys = {kind.value for kind in PlanKind} | {outcome.value for outcome in Outcome}
    assert [text for text in words if FORMATTING.search(HIS_WORDS.sub("", text)) and text not in keys] == []


def test_a_study_is_named_only_where_the_list_of_sources_holds_it(content: Content) -> None:
    """So that a reader can look it up and judge it, and none is quoted from memory."""
    sources = (default_directory().parent / "docs" / "evidence.md").read_text(encoding="utf-8")
    quoted = {
        name
        for text in every_text(content.model_dump(mode="json", exclude={"rules"}))
        for name in re.findall(r"\(([A-Z][^()]*\d{4})", text)
    }
    assert len(quoted) >= 10
    assert {name for name in quoted if name not in sources} == set()


# --- what is refused


@pytest.mark.parametrize(
    ("file", "right", "wrong", "expected"),
    [
        (
            "scenarios.toml",
            "Wait for a pause, then lead back to her point by name",
            "W" * 81,
            (
                'scenarios.toml, scenario "talked-over", option 2, text: '
                "is 81 characters long; Slack shows at most 75"
            ),
        ),
        (
            "scenarios.toml",
            'id = "own-slip"',
            'id = "talked-over"',
            'scenarios.toml, id "talked-over": is used more than once',
        ),
        (
            "scenarios.toml",
            'id = "own-slip"',
            'id = "Own slip"',
            'scenarios.toml, scenario "Own slip", id: may hold only small letters, digits and hyphens',
        ),
        (
            "scenarios.toml",
            'kind = "bystander"',
            'kind = "hero"',
            (
                "scenarios.toml, scenario \"talked-over\", kind: should be 'fear', 'bystander', "
                "'listening' or 'practice'"
            ),
        ),
        (
            "scenarios.toml",
            'title = "Cut off in mid-sentence"\n',
            "",
            'scenarios.toml, scenario "talked-over", title: is missing',
        ),
        (
            "scenarios.toml",
            'title = "Cut off in mid-sentence"\n',
            'title = "Cut off"\nright_answer = 2\n',
            'scenarios.toml, scenario "talked-over", right_answer: is not a key that allybot knows',
        ),
        (
            "scenarios.toml",
            'title = "Cut off in mid-sentence"',
            'title = "<!channel> look"',
            (
                'scenarios.toml, scenario "talked-over", title: '
                "contains < or >, which Slack reads as a link or a mention"
            ),
        ),
        (
            "scenarios.toml",
            'cue = "a colleague is cut off',
            'cue = "If a colleague is cut off',
            (
                'scenarios.toml, scenario "talked-over", make_it_my_plan, cue: '
                'starts with "If"; it is read after "If"'
            ),
        ),
        (
            "plan_library.toml",
            'text = "start with a question and not with an opinion"',
            'text = "start with a question."',
            (
                'plan_library.toml, kind "fear", response "start-with-a-question", text: '
                'ends with "."; the sentence sets its own full stop'
            ),
        ),
        (
            "plan_library.toml",
            'text = "start with a question and not with an opinion"',
            'text = "Start with a question"',
            (
                'plan_library.toml, kind "fear", response "start-with-a-question", text: '
                'does not start with a small letter; it is read after "then I will"'
            ),
        ),
        (
            "plan_library.toml",
            'heading = "A full week"',
            'heading = "Hello {name}"',
            'plan_library.toml, repair "no_time", heading: contains { or }',
        ),
        (
            "plan_library.toml",
            'fits = ["unsure_how"]',
            'fits = ["lazy"]',
            'plan_library.toml, kind "fear", obstacle "fear-of-mistake", fits, 1: should be',
        ),
        (
            "plan_library.toml",
            'heading = "A full week"',
            'heading = "A week that was rather too full"',
            'plan_library.toml, repair "no_time", heading: is 31 characters long; Slack shows at most 24',
        ),
        (
            "plan_library.toml",
            'cue = "{cue}, also among people I know less well"',
            'cue = "{cue}, and {cue}"',
            'plan_library.toml, repair "acted", suggestion 1, cue: holds {cue} more than once',
        ),
        (
            "plan_library.toml",
            'cue = "{cue}, also among people I know less well"',
            'cue = "{response}, also among people I know less well"',
            'plan_library.toml, repair "acted", suggestion 1, cue: contains { or }',
        ),
        (
            "plan_library.toml",
            'cue = "{cue}, also among people I know less well"',
            'cue = "when {cue}"',
            'plan_library.toml, repair "acted", suggestion 1, cue: starts with "when"',
        ),
        (
            "plan_library.toml",
            'halves = "responses"',
            'halves = "everything"',
            'plan_library.toml, repair "no_time", halves: should be',
        ),
        (
            "plan_library.toml",
            'cue = "{cue}, also among people I know less well"\n',
            "",
            'plan_library.toml, repair "acted", suggestion 1: needs a cue, a response or a cue object',
        ),
        (
            "allybot.toml",
            "steps_days = [3, 10, 17",
            "steps_days = [10, 3, 17",
            "allybot.toml, ladder: each step must be later than the one before it",
        ),
        (
            "allybot.toml",
            "steps_days = [56, 70]",
            "steps_days = [70]",
            "allybot.toml, windows: together they must hold every step of the ladder once, in order",
        ),
        (
            "allybot.toml",
            'name = "7-13"',
            'name = "1-13"',
            "allybot.toml, windows: 1-13 is the name of the window over all weeks, and of no part",
        ),
        (
            "allybot.toml",
            "ends_on_day = 91",
            "ends_on_day = 60",
            'allybot.toml, windows, window "7-13": each step must be later',
        ),
        (
            "allybot.toml",
            "local_time = 10:00:00",
            "local_time = 16:30:00",
            "allybot.toml, check_ins: local_time and its jitter_minutes must lie within the working hours",
        ),
        (
            "allybot.toml",
            'weekdays = ["tue", "wed", "thu"]',
            'weekdays = ["tue", "sun"]',
            "allybot.toml, check_ins: weekdays holds a day that is not among working_days",
        ),
        (
            "allybot.toml",
            "min_respondents = 5",
            "min_respondents = 2",
            "allybot.toml, publishing, min_respondents: should be greater than or equal to 5",
        ),
        (
            "allybot.toml",
            "epsilon_per_release = 1.0",
            "epsilon_per_release = 1.5",
            "allybot.toml, publishing: all windows together would spend 3, more than epsilon_budget",
        ),
        (
            "allybot.toml",
            'vote_opens_weekday = "thu"',
            'vote_opens_weekday = "mon"\nvote_opens_time = 09:00:00 #',
            "allybot.toml: is not valid TOML",
        ),
        (
            "allybot.toml",
            'scenario_weekday = "mon"',
            'scenario_weekday = "fri"',
            "allybot.toml, circles: the vote must open later in the week than the scenario is posted",
        ),
        (
            "allybot.toml",
            "enabled = false",
            "enabled = true",
            "allybot.toml, holidays: is switched on, but no country is named",
        ),
        (
            "allybot.toml",
            "replan_day = 90",
            "replan_day = 75",
            "allybot.toml, ladder: two days are closer than check_ins, min_days_between (7)",
        ),
        (
            "allybot.toml",
            "keep_going_days = [120, 150, 180]",
            "keep_going_days = [95, 150, 180]",
            "allybot.toml, ladder: two days are closer than check_ins, min_days_between (7)",
        ),
        (
            "allybot.toml",
            "keep_going_days = [120, 150, 180]",
            "keep_going_days = [80, 150]",
            "allybot.toml, ladder: keep_going_days must be later than replan_day",
        ),
        (
            "allybot.toml",
            "fresh_start_day = 56",
            "fresh_start_day = 57",
            "allybot.toml, ladder: fresh_start_day must be one of steps_days",
        ),
    ],
)
def test_a_mistake_is_named_by_file_entry_and_reason(
    directory: Path, file: str, right: str, wrong: str, expected: str
) -> None:
    spoil(directory, file, right, wrong)
    found = problems(directory)
    assert any(line.startswith(expected) for line in found), found


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ('"forget me!"', 'clear, forget, english, 1: holds "me!"; a word is letters'),
        ('"... me"', "clear, forget, english, 1: must begin and end with a word"),
        ('"me"', "clear, forget, english, 1: is shorter than three letters"),
        ("7", "clear, forget, english, 1: should be a valid string"),
    ],
)
def test_a_malformed_typed_phrase_is_named(directory: Path, wrong: str, expected: str) -> None:
    spoil(directory, "typed_words.toml", '"forget me"', wrong)
    (line,) = problems(directory)
    assert line.startswith(f"typed_words.toml, {expected}")


def test_a_directory_without_typed_words_uses_the_shipped_ones(directory: Path, content: Content) -> None:
    (directory / "typed_words.toml").unlink()
    assert load_content(directory).typed_words == content.typed_words


def test_a_directory_may_name_its_own_emergency_number(directory: Path) -> None:
    spoil(directory, "allybot.toml", 'emergency_number = "112"', 'emergency_number = "911"')
    assert load_content(directory).rules.support.emergency_number == "911"
    spoil(directory, "allybot.toml", 'emergency_number = "911"', 'emergency_number = "call me"')
    (line,) = problems(directory)
    assert line.startswith("allybot.toml, support, emergency_number: ")


def test_a_missing_repair_or_kind_is_named(directory: Path) -> None:
    library = directory / "plan_library.toml"
    spoilt = library.read_text(encoding="utf-8").replace("repairs.no_time", "repairs.no_tea")
    library.write_text(spoilt.replace("kinds.listening", "kinds.hearing"), encoding="utf-8")
    found = problems(directory)
    assert 'plan_library.toml, repair "no_time": is missing' in found
    assert 'plan_library.toml, kind "listening": is missing' in found
    assert any(line.startswith('plan_library.toml, repair "no_tea": should be') for line in found)


def test_all_mistakes_are_reported_together(directory: Path) -> None:
    spoil(directory, "allybot.toml", "grace_days = 14", 'grace_days = "two weeks"')
    spoil(directory, "scenarios.toml", 'title = "Cut off in mid-sentence"\n', "")
    spoil(directory, "scenarios.toml", 'id = "own-slip"', 'id = "minutes-again"')
    (directory / "plan_library.toml").unlink()
    found = problems(directory)
    assert len(found) == 4
    assert [line.split(",")[0].split(":")[0] for line in found] == [
        "allybot.toml",
        "scenarios.toml",
        "scenarios.toml",
        "plan_library.toml",
    ]


def test_a_missing_directory_names_every_file(tmp_path: Path) -> None:
    found = problems(tmp_path / "nowhere")
    assert [line.split(":")[0] for line in found] == ["allybot.toml", "scenarios.toml", "plan_library.toml"]


def test_a_file_in_another_encoding_is_reported_and_not_a_crash(directory: Path) -> None:
    (directory / "scenarios.toml").write_bytes("title = 'Bücher'".encode("latin-1"))
    assert problems(directory)[0].startswith("scenarios.toml: cannot be read")


# --- the manifest


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((default_directory() / "slack-manifest.json").read_text(encoding="utf-8"))


def test_each_scope_and_event_has_its_reason(manifest: dict) -> None:
    assert set(manifest["oauth_config"]["scopes"]) == {"bot", "bot_optional"}
    assert manifest["oauth_config"]["scopes"]["bot"] == sorted(REASONS_FOR_SCOPES)
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == sorted(REASONS_FOR_EVENTS)


def test_the_bot_cannot_read_channels(manifest: dict) -> None:
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    assert scopes.isdisjoint({"channels:history", "groups:history", "mpim:history", "channels:read"})
    assert not any(event.startswith("message.") and event != "message.im" for event in REASONS_FOR_EVENTS)


def test_people_can_write_to_the_bot_and_press_its_buttons(manifest: dict) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]
    assert not manifest["settings"]["token_rotation_enabled"]
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/allybot"]


def test_the_manifest_keeps_slacks_lengths(manifest: dict) -> None:
    """Slack, app manifest reference: name 35, description 140, long description 174 to 4000 characters."""
    about = manifest["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", about["background_color"])
