"""The first day: welcome, consent, help, and somebody who is in no program."""

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words


def test_the_welcome_says_who_sees_what_and_asks_for_a_yes(jonas: Person) -> None:
    welcome = jonas.messages()[-1]
    assert labels(welcome) == ["Start", "Ask me later", "No thanks", "Who sees what"]
    for promise in (
        "Nothing starts unless you say so",
        "counts of 10 people or more",
        "Noor Rahman, +49 30 5550 100",
    ):
        assert promise in words(welcome)
    assert "anonymous" not in words(welcome)


def test_start_clicked_twice_is_one_start(journey: Journey, jonas: Person) -> None:
    welcome = jonas.messages()[-1]
    jonas.presses("Start", welcome)
    jonas.presses("Start", welcome)
    journey.run_worker()
    assert "You said yes on 12 January 2026" in words(jonas.messages()[0])
    invitations = [one for one in jonas.messages() if "do you remember best" in words(one)]
    assert len(invitations) == 1


def test_later_clicked_twice_brings_one_reminder_after_three_working_days(
    journey: Journey, jonas: Person
) -> None:
    welcome = jonas.messages()[-1]
    jonas.presses("Ask me later", welcome)
    jonas.presses("Ask me later", welcome)
    journey.run_worker()
    assert labels(jonas.messages()[0]) == ["Start", "No thanks", "Who sees what"]
    journey.go_to(1, 14)
    assert len(jonas.messages()) == 1
    journey.go_to(1, 15)
    journey.pass_days(7)
    assert len(jonas.messages()) == 2
    assert "I ask only this once more" in words(jonas.messages()[1])
    jonas.presses("Start", jonas.messages()[1])
    journey.run_worker()
    assert all("You said yes" in words(one) for one in jonas.messages()[:2])


def test_no_thanks_clicked_twice_means_silence(journey: Journey, jonas: Person) -> None:
    welcome = jonas.messages()[-1]
    jonas.presses("No thanks", welcome)
    jonas.presses("No thanks", welcome)
    journey.run_worker()
    assert "You said no thanks. Nothing more will come" in words(jonas.messages()[0])
    assert labels(jonas.messages()[0]) == ["Start after all", "Who sees what"]
    for _ in range(6):
        journey.pass_days(14)
    assert len(jonas.messages()) <= 1


def test_a_change_of_mind_after_no_thanks_is_welcome(journey: Journey, jonas: Person) -> None:
    jonas.presses("No thanks")
    journey.run_worker()
    jonas.presses("Start after all")
    journey.run_worker()
    assert "You said yes on" in words(jonas.messages()[0])
    assert jonas.reads("do you remember best")


@pytest.mark.parametrize("command", ["/allybot", "/allybot help", "/allybot HELP"])
def test_help_names_what_can_be_done_and_whom_to_turn_to(jonas: Person, command: str) -> None:
    page = jonas.asks(command)
    for each in ("plan", "plans", "pause", "resume", "stop", "privacy", "help"):
        assert f"`/allybot {each}`" in page
    assert "turn to Noor Rahman, +49 30 5550 100" in page
    assert "transfers" not in page


def test_help_of_a_lead_names_what_leads_can_do(journey: Journey) -> None:
    page = journey.lead.asks("/allybot help")
    assert "`/allybot transfers`" in page
    assert "`/allybot program`" in page
    assert "turn to Noor Rahman" in page


@pytest.mark.parametrize(
    "command",
    [
        "/allybot privacy.",
        "/allybot \u201cprivacy\u201d",
        "/allybot privacy\n",
        "/allybot 'Privacy'!",
        "/allybot privacy\nplease",
    ],
)
def test_a_command_is_understood_with_what_phones_put_around_it(jonas: Person, command: str) -> None:
    assert "Where the limits are" in jonas.asks(command)


def test_an_unknown_subcommand_is_repeated_safely_and_shows_what_there_is(jonas: Person) -> None:
    page = jonas.asks("/allybot plam <!channel> *now*")
    assert "allybot does not know “plam”" in page
    assert "`/allybot plan`" in page
    assert "<!channel>" not in jonas.asks("/allybot <!channel>")


def test_privacy_says_who_sees_what_before_and_after_a_yes(jonas: Person) -> None:
    for has_begun in (False, True):
        if has_begun:
            jonas.begins()
        page = jonas.asks("/allybot privacy")
        for part in (
            "Who sees what",
            "For how long",
            "Where the limits are",
            "Leads of the program",
            "Noor Rahman",
        ):
            assert part in page


def test_plans_before_a_yes_are_refused_kindly(jonas: Person) -> None:
    for command in ("/allybot plans", "/allybot plan"):
        assert "This starts once you have said yes" in jonas.asks(command)
    for command in ("/allybot pause", "/allybot resume", "/allybot stop"):
        assert "No check-ins are planned for you now" in jonas.asks(command)


def test_after_a_yes_the_list_of_plans_is_empty_and_offers_to_write_one(jonas: Person) -> None:
    jonas.begins()
    assert "You have no plan yet" in jonas.asks("/allybot plans")
    jonas.presses("Write a plan")
    assert jonas.modal("Write a plan")


def test_a_stranger_in_no_program_gets_kind_words_everywhere(journey: Journey) -> None:
    leyla = journey.leyla
    assert leyla.messages() == []
    for command in ("plan", "plans", "pause 2 weeks", "resume", "stop"):
        assert "you are not on its list" in leyla.asks(f"/allybot {command}")
    assert "Here is what you can do" in leyla.asks("/allybot")
    assert "Who sees what" in leyla.asks("/allybot privacy")
    assert "you are not on its list" in words(leyla.home("not on its list"))
    assert "you are not on its list" in words(journey.answer_to(leyla, "hello?"))


def test_the_home_tab_before_and_after_a_yes(journey: Journey, jonas: Person) -> None:
    before = jonas.home("Nothing starts before you say yes")
    assert labels(before)[0] == "Start"
    assert {"Who sees what", "More"} < set(labels(before))
    assert "Write a plan" not in labels(before)
    assert "turn to Noor Rahman" in words(before)
    jonas.presses_at_home("Start")
    after = jonas.home("Your first plan")
    assert "Next check-in: Thursday 15 January" in words(after)
    assert labels(after) == ["Write a plan", "Ask the circle", "Less often, pause or stop", "More"]
    journey.run_worker()
    assert "You said yes on" in words(jonas.messages()[0])
    jonas.presses_under_more("Who sees what")
    assert "Where the limits are" in words(jonas.modal("Who sees what"))
    jonas.closes()
    jonas.presses_at_home("Less often, pause or stop")
    jonas.modal("How often")
    jonas.presses_in_modal("Two weeks")
    assert "Paused until 26 January 2026" in words(jonas.modal("allybot"))
    jonas.closes()
    assert "Resume check-ins" in labels(jonas.home("Paused until Monday 26 January"))
    jonas.presses_at_home("Resume check-ins")
    assert jonas.home("Next check-in")


def test_every_button_of_the_home_tab_answers(jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    page = jonas.home("Your plan in focus")
    assert "If a colleague is talked over, then I will ask her to finish." in words(page)
    jonas.presses_at_home("Mend it")
    assert jonas.modal("Mend a plan")
    jonas.closes()
    jonas.presses_under_more("All my plans")
    mine = jonas.modal("allybot")
    assert "a colleague is talked over" in words(mine)
    jonas.presses_in_modal("Mend it")
    assert jonas.modal("Mend a plan")
    jonas.closes()
    jonas.presses_under_more("Help")
    assert "`/allybot pause`" in words(jonas.modal("allybot"))
    jonas.presses_in_modal("All my plans")
    jonas.modal("allybot", lambda view: "a colleague is talked over" in words(view))
    jonas.presses_in_modal("Call it done")
    jonas.modal("allybot", lambda view: "*Done*" in words(view))
    jonas.closes()
    assert jonas.home("Your first plan")


def test_calling_a_plan_done_on_the_home_tab_shows_it_there(journey: Journey, jonas: Person) -> None:
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 12, 12)  # of two plans written at the same moment either would come first
    jonas.writes_plan("I have coffee with Ana", "ask how meetings feel", "Active listening")
    jonas.home("Your plan in focus")
    jonas.presses_at_home("Ask about this next")
    jonas.looks_at_home(
        "Mend it", lambda page: words(page).index("coffee") < words(page).index("talked over")
    )
    jonas.presses_at_home("Call it done")
    jonas.looks_at_home("", lambda page: "coffee" not in words(page))


def test_a_plan_written_from_the_home_tab_stands_there_at_once(jonas: Person) -> None:
    jonas.begins()
    jonas.home("Your first plan")
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.looks_at_home("Your plan in focus", lambda page: "talked over" in words(page))
