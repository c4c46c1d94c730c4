"""The words of consent: made from the program's own numbers, plain, and keeping to what is true."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.plans import Intention, PlanKind
from allybot.domain.trainee import TraineeState
from allybot.domain.weekly_counts import WeeklyCount
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.data import privacy
from allybot.prompts.data.privacy import Terms
from allybot.prompts.programs import messages
from allybot.prompts.trainees import welcome as prompts

TERMS = Terms(
    program="Allies <2026>",
    support_contact="Kim & HR",
    minimum_respondents=12,
    check_ins=8,
    days=90,
    last_day=180,
    counted_on=(date(2026, 2, 27), date(2026, 4, 17)),
    deleted_on=date(2026, 5, 18),
    custodian=False,
)
SAY = Say()
EXAMPLES = tuple(
    prompts.Example(kind, Intention("a colleague is cut off", "ask her to go on"))
    for kind in list(PlanKind)[:3]
)
TOKYO = ZoneInfo("Asia/Tokyo")


def words(message: Message) -> str:
    return message.text + "\n" + "\n".join(map(str, message.blocks))


def actions(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def everything() -> list[Message]:
    chosen = [prompts.Answer(state, date(2026, 1, 6)) for state in TraineeState]
    return [
        prompts.welcome(SAY, TERMS),
        prompts.welcome(SAY, replace(TERMS, custodian=True)),
        *(prompts.welcome(SAY, TERMS, answer) for answer in chosen),
        prompts.later_reminder(SAY, TERMS),
        *(prompts.later_reminder(SAY, TERMS, answer) for answer in chosen),
        prompts.goodbye(SAY, TERMS),
        privacy.shown(SAY, TERMS, 10),
        privacy.shown(SAY, replace(TERMS, custodian=True), 10),
        prompts.welcome(SAY, replace(TERMS, counts_moments=True)),
        privacy.shown(SAY, replace(TERMS, counts_moments=True), 10),
        privacy.shown(SAY, None, 10),
    ]


INVITATIONS = [prompts.first_plan(SAY, EXAMPLES, TOKYO, time(9), again=again) for again in (False, True)]


def test_the_welcome_says_how_often_how_many_and_until_when() -> None:
    text = words(prompts.welcome(SAY, TERMS))
    for fact in (
        "8 check-ins in 90 days",
        "counts of 12 people or more, slightly blurred",
        "deleted on 18 May 2026",
        "Whoever runs the server",
        "Stop whenever you like",
        "Kim &amp; HR",
    ):
        assert fact in text, fact


def test_a_pool_is_said_before_anybody_says_yes() -> None:
    pooled = replace(TERMS, pool="Leadership <courses>", pool_minimum=12, pool_months=18)
    for message in (prompts.welcome(SAY, pooled), privacy.shown(SAY, pooled, 10)):
        text = words(message)
        assert "wait up to 18 months" in text
        assert "later groups of Leadership &lt;courses&gt;" in text
        assert "cannot be told" in text
    assert "from 12 people on" in words(privacy.shown(SAY, pooled, 10))
    assert "wait for later groups of Leadership" in words(prompts.goodbye(SAY, pooled))
    for message in (prompts.welcome(SAY, TERMS), privacy.shown(SAY, TERMS, 10), prompts.goodbye(SAY, TERMS)):
        assert "wait" not in words(message)


def shown(message: Message) -> str:
    """What stands in the message itself, without its buttons and the opening of its notification."""
    return blocks.in_words(message.blocks)


def test_the_welcome_has_at_most_ninety_words_and_the_rest_is_one_tap_away() -> None:
    usual = replace(TERMS, program="Allies at Northwind", support_contact="Noor Rahman, +49 30 5550 100")
    for terms in (usual, replace(usual, custodian=True)):
        assert len(shown(prompts.welcome(SAY, terms)).split()) <= 90
    rest = words(privacy.shown(SAY, TERMS, 10))
    for fact in (
        "at least 12 people",
        "too few people answered",
        "27 February 2026 and 17 April 2026",
        "/allybot forget-me",
        "random noise",
        "controls the server",
        "On day 90 you may choose to keep going until day 180",
    ):
        assert fact in rest, fact
    assert "keep going" not in words(privacy.shown(SAY, replace(TERMS, last_day=90), 10))


def test_the_first_invitation_is_short_and_each_of_its_examples_has_a_button() -> None:
    for invitation in INVITATIONS:
        assert len(shown(invitation).split()) <= 110
        buttons = [block["accessory"] for block in invitation.blocks if "accessory" in block]
        assert [button["text"]["text"] for button in buttons] == ["Use this"] * 3
        assert len({button["accessibility_label"] for button in buttons}) == 3


def test_the_welcome_asks_for_one_of_three_answers() -> None:
    assert actions(prompts.welcome(SAY, TERMS)) == [
        ids.CONSENT_START,
        ids.CONSENT_LATER,
        ids.CONSENT_DECLINE,
        ids.PRIVACY_SHOW,
    ]


@pytest.mark.parametrize(
    ("state", "left", "said"),
    [
        (TraineeState.ACTIVE, [], "You said yes on 6 January 2026"),
        (TraineeState.LATER, [ids.CONSENT_START, ids.CONSENT_DECLINE], "You will be asked once more"),
        (TraineeState.DECLINED, [ids.CONSENT_START], "taken off the list on 18 May 2026"),
        (TraineeState.STOPPED, [], "You said yes on 6 January 2026"),
    ],
)
def test_an_answered_welcome_keeps_its_promises_in_sight_and_shows_the_choice(
    state: TraineeState, left: list[str], said: str
) -> None:
    on = date(2026, 1, 6) if state in {TraineeState.ACTIVE, TraineeState.STOPPED} else None
    message = prompts.welcome(SAY, TERMS, prompts.Answer(state, on))
    assert actions(message) == [*left, ids.PRIVACY_SHOW]
    assert said in words(message)
    assert "deleted on 18 May 2026" in words(message)


def test_the_only_reminder_says_so_and_offers_no_third_delay() -> None:
    message = prompts.later_reminder(SAY, TERMS)
    assert "only this once more" in words(message)
    assert actions(message) == [ids.CONSENT_START, ids.CONSENT_DECLINE, ids.PRIVACY_SHOW]


def test_the_goodbye_gives_the_true_day() -> None:
    assert "18 May 2026" in words(prompts.goodbye(SAY, TERMS))


def test_a_custodians_program_claims_no_key_in_the_vault() -> None:
    held = words(privacy.shown(SAY, replace(TERMS, custodian=True), 10))
    assert "held outside" in held
    assert "open sealed answers" not in held
    assert "open sealed answers" in words(privacy.shown(SAY, TERMS, 10))


def test_copy_says_confidential_and_never_anonymous() -> None:
    for message in (*everything(), *INVITATIONS):
        assert "anonym" not in words(message).casefold()
    for message in (prompts.welcome(SAY, TERMS), privacy.shown(SAY, None, 10)):
        assert "confidential" in words(message).casefold()


def test_every_message_fits_into_slack() -> None:
    long = replace(TERMS, program="<" * 200, support_contact="&" * 200)
    for message in (*everything(), *INVITATIONS, prompts.welcome(SAY, long), privacy.shown(SAY, long, 10)):
        assert message.text
        assert len(message.blocks) <= 50
        for block in message.blocks:
            if block["type"] == "section":
                assert 0 < len(block["text"]["text"]) <= 3000
            if block["type"] == "context":
                assert all(len(element["text"]) <= 2000 for element in block["elements"])


def test_names_of_programs_and_contacts_are_escaped() -> None:
    for message in (prompts.welcome(SAY, TERMS), prompts.goodbye(SAY, TERMS), privacy.shown(SAY, TERMS, 10)):
        assert "<2026>" not in words(message)
        assert "Kim & HR" not in words(message)


def test_every_help_names_a_human_to_turn_to() -> None:
    for message in everything()[:-1]:
        assert "Kim" in words(message)


def test_privacy_for_a_stranger_uses_general_words() -> None:
    text = words(privacy.shown(SAY, None, 10))
    assert "at least 10 people" in text
    assert "2026" not in text


def test_the_page_is_the_same_as_a_modal() -> None:
    view = privacy.page(SAY, TERMS, 10).body
    assert view["blocks"] == list(privacy.shown(SAY, TERMS, 10).blocks)
    assert len(view["title"]["text"]) <= 24


def test_before_they_say_yes_people_read_what_is_counted_and_how_often() -> None:
    once = replace(TERMS, counted_on=(date(2026, 4, 17),), counts_moments=True)
    promise = (
        "Answers are counted once, on 17 April 2026: about how many acted, and about how many told of a "
        "moment, at least once."
    )
    assert promise in words(prompts.welcome(SAY, once))
    assert promise in words(prompts.later_reminder(SAY, once))
    assert promise not in words(prompts.welcome(SAY, TERMS)) + words(prompts.later_reminder(SAY, TERMS))
    page = words(privacy.shown(SAY, once, 10))
    assert "two figures, counted once, on 17 April 2026: how many acted at least once, and how many" in page
    assert "with better ones from two figures together" in page
    assert "counted once or twice in a program" in words(privacy.shown(SAY, None, 10))


def test_leads_see_how_many_there_were_on_monday_or_that_it_is_not_known_yet() -> None:
    page = messages.ProgramPage(
        id="1",
        name="Allies",
        support_contact="Kim",
        cohorts=(("spring", date(2026, 1, 2)),),
        leads=("U1",),
        minimum_respondents=10,
        counted=None,
        closing=(("1-6", date(2026, 2, 27)),),
        deleted_on=date(2026, 5, 18),
    )
    text = words(messages.overview(SAY, (page,)))
    assert "How many are on the list and take part is not known before Monday." in text
    assert "27 February 2026" in text
    counted = replace(page, counted=WeeklyCount(date(2026, 1, 19), 30, None))
    text = words(messages.overview(SAY, (counted,)))
    assert "Put on the list: 30 or more; taking part: fewer than 20 (as on Monday)" in text


def test_the_first_message_says_in_which_zone_and_at_what_hour_check_ins_come() -> None:
    for invitation in INVITATIONS:
        assert "at about 09:00, Asia/Tokyo time" in invitation.text
        assert actions(invitation) == [ids.PLAN_NEW, ids.QUIET_DAYS_SHOW]
