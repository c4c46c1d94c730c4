"""What leads see and do: figures published once, a notice, other leads; and what nobody else sees."""

import re
from collections.abc import Callable
from urllib.request import urlopen

from allybot.demo.workspace import BOT_USER
from allybot.domain.people import Actor
from allybot.services.data.forget_me import forget
from allybot.services.programs import leading, programs
from allybot.store import tables
from allybot.store.programs import programs as stored
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import Person, labels, until, words
from tests.support import builders

REFUSAL = "Only the leads of a program can see its transfer outcomes. Nothing else is shown here."
PROGRAM = "Allies at Northwind"


def ten_have_answered(start_journey: StartJourney) -> Journey:
    """Ten people said yes, wrote a plan and answered their first check-in, on Thursday 15 January."""
    journey = start_journey(10)
    for person in journey.people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    for number, person in enumerate(journey.people):
        person.presses("I did it" if number % 2 else "No moment yet")
        person.modal("Your check-in")
        person.closes()
    journey.run_worker()
    return journey


def test_a_window_is_published_once_and_the_next_is_void(start_journey: StartJourney) -> None:
    journey = ten_have_answered(start_journey)
    lead = journey.lead
    before = lead.asks("/allybot transfers")
    assert "Until then nobody can see how many have answered, or what." in before
    assert "10 of the 10" not in before
    journey.go_to(3, 6)  # 42 days and 14 after the training
    assert "Until then nobody can see" in lead.asks("/allybot transfers")
    journey.go_to(3, 9)
    notice = lead.reads("are out")
    assert PROGRAM in words(notice)
    assert "of the 10 asked, nearly all of whom answered, acted at least once" in words(notice)
    assert "data_visualization" in [block["type"] for block in notice["blocks"]]
    assert labels(notice) == ["Show the outcomes", "Page to print", "CSV", "JSON"]
    lead.presses("Show the outcomes", notice)
    shown = words(lead.reads("Nearly all of the 10 people who were asked have answered"))
    assert re.search(
        r"of the 10 asked, nearly all of whom answered, acted at least once \(\d to \d+( people)?\)", shown
    )
    assert "These figures do not tell who did what" in shown
    once = lead.asks("/allybot transfers")
    assert once in shown or shown in once or words_alike(once, shown)
    with journey.context.database.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM ballot").scalar_one() == 0
    journey.go_to(4, 27)
    void = lead.reads("have closed without figures")
    assert labels(void) == []
    assert "This says nothing about how much was done" in words(void)
    assert "Nearly all of the 10" in lead.asks("/allybot transfers")
    assert [each for each in lead.messages() if "are out" in words(each)] == [notice]


def test_a_lead_has_the_figures_as_files_by_button_and_by_command(start_journey: StartJourney) -> None:
    journey = ten_have_answered(start_journey)
    lead = journey.lead
    journey.go_to(3, 9)
    notice = lead.reads("are out")

    def file_after(act: Callable[[], object]) -> tuple[str, str]:
        before = [one["ts"] for one in lead.messages()]
        act()
        (file,) = until(
            lambda: next(
                (one["files"] for one in lead.messages() if one.get("files") and one["ts"] not in before),
                None,
            ),
            "the file to arrive",
        )
        with urlopen(file["url_private"], timeout=5) as answer:  # noqa: S310 - loopback
            return file["name"], answer.read().decode()

    name, page = file_after(lambda: lead.presses("Page to print", notice))
    assert name == "transfer-outcomes.html"
    assert f"<h1>Transfer outcomes: {PROGRAM}</h1>" in page
    assert "of the 10 asked, nearly all of whom answered, acted at least once" in page
    assert "made on 9 March 2026" in page
    assert file_after(lambda: lead.presses("JSON", notice))[1].startswith('{\n  "program": "Allies at')
    by_button = file_after(lambda: lead.presses("CSV", notice))
    by_command = file_after(lambda: lead.asks("/allybot transfers csv"))
    assert by_button == by_command
    assert by_button[0] == "transfer-outcomes.csv"
    (trainee, *_), stranger = journey.people, journey.leyla
    for each in (trainee, stranger):
        assert each.asks("/allybot transfers csv").startswith(REFUSAL)
        assert not any(one.get("files") for one in each.messages())
    home = words(lead.home(PROGRAM))
    assert home
    lead.presses_at_home("Transfer outcomes")
    modal = lead.modal("allybot")
    assert "acted at least once" in words(modal)


def words_alike(one: str, other: str) -> bool:
    """Whether two pages say the same, whatever their order."""
    return set(one.splitlines()) == set(other.splitlines())


def test_everybody_else_gets_one_identical_refusal(journey: Journey) -> None:
    programs.create(
        journey.context,
        journey.workspace,
        "Allies elsewhere",
        "Somebody else",
        [("Spring", journey.now.date())],
        zone="Europe/Berlin",
        now=journey.now,
    )
    leading.appoint_lead(journey.context, "Allies elsewhere", journey.workspace, "U0ANA", journey.now)
    ana = Person(journey.remote, "U0ANA", "Ana Petrova")
    trainee, still_invited = journey.people
    trainee.begins()
    answers = {each.asks("/allybot transfers") for each in (trainee, still_invited, journey.leyla)}
    assert {tuple(sorted(set(answer.splitlines()))) for answer in answers} == {(REFUSAL,)}
    assert len(answers) == 1
    assert {each.asks("/allybot program") for each in (trainee, journey.leyla)} <= answers
    hers = ana.asks("/allybot transfers")
    assert "Allies elsewhere" in hers
    assert PROGRAM not in hers


def test_a_lead_sees_the_state_of_his_program_and_no_names_of_trainees(journey: Journey) -> None:
    assert "is not known before Monday" in journey.lead.asks("/allybot program")
    journey.go_to(1, 19)
    page = journey.lead.asks("/allybot program")
    assert PROGRAM in page
    assert "fewer than 20" in page
    assert "Noor Rahman, +49 30 5550 100" in page
    assert not any(person.user in page or person.name in page for person in journey.people)


def test_a_lead_learns_that_they_were_appointed_and_sees_on_home_how_it_runs(
    start_journey: StartJourney,
) -> None:
    journey = start_journey(4)
    for person in journey.people:
        person.begins()
    lead = journey.lead
    (told,) = lead.messages()
    assert f"You lead *{PROGRAM}*" in words(told)
    first_needed = ["Add people", "Propose circles", "Correct the list"]
    assert set(labels(told)) == {*first_needed, "Transfer outcomes", "Scenarios", "Suggestions"}
    home = words(lead.home("ally-circle-1"))
    assert PROGRAM in home
    assert "next on Monday 12 January" in home
    journey.go_to(1, 12, 12)
    assert lead.home("1 scenario so far")
    journey.go_to(1, 19, 12)
    home = words(lead.home("2 scenarios so far"))
    assert "next on Monday 26 January" in home
    assert "fewer than 20" in home
    assert not any(person.user in home or person.name in home for person in journey.people)


def test_what_a_lead_types_is_answered_as_to_a_lead(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    answer = journey.answer_to(journey.lead, "How do I add another person?")
    assert "I only understand a few words" in words(answer)
    assert f"You lead {PROGRAM}" in words(answer)
    assert labels(answer) == ["How it runs", "Transfer outcomes", "Scenarios", "Suggestions"]
    journey.lead.presses("How it runs", answer)
    assert journey.lead.reads("Deletion of plans")


def test_a_lead_who_takes_part_finds_both_on_home(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    person = journey.people[0]
    person.begins()
    journey.lead.asks(f"/allybot program lead <@{person.user}>")
    journey.run_worker()
    assert person.reads("You lead *")
    home = person.home("You also lead a program.")
    assert "Your first plan" in words(home)


def test_a_lead_who_looks_again_and_again_learns_nothing_between_two_mondays(
    start_journey: StartJourney,
) -> None:
    """Twenty-three besides these four, so that each of the four moves a number over a border."""
    journey = start_journey(4)
    joins, stops, forgets, joins_too = journey.people
    for person in (stops, forgets):
        person.begins()
    with journey.context.database.transaction() as tx:
        (made,) = stored.programs(tx)
        cohort = stored.cohorts(tx, made.id)[0].id
        more = {f"more-{number}": f"U0MORE{number}" for number in range(23)}
        builders.trainees(tx, more, workspace_id=made.workspace_id, program_id=made.id, cohort_id=cohort)

    def seen() -> tuple[str, ...]:
        """Each view of a lead."""
        return (
            journey.lead.asks("/allybot program"),
            journey.lead.asks("/allybot transfers"),
            journey.lead.asks("/allybot circle"),
            words(journey.lead.home(PROGRAM)),
        )

    journey.go_to(1, 19, 12)  # the week's scenario has been posted
    views = {seen()}
    assert "Put on the list: 20 or more; taking part: 20 or more" in next(iter(views))[0]
    journey.go_to(1, 20)
    joins.begins()
    views.add(seen())
    stops.asks("/allybot stop")
    views.add(seen())
    forget(journey.context, Actor(made.workspace_id, forgets.user))
    with journey.context.database.transaction() as tx:
        tx.execute(tables.trainee.delete().where(tables.trainee.c.id.in_(list(more)[:7])))
    views.add(seen())
    journey.go_to(1, 25, 23, 59)
    joins_too.begins()
    views.add(seen())
    assert len(views) == 1
    journey.go_to(1, 26, 0, 1)
    assert "Put on the list: 20 or more; taking part: fewer than 20" in seen()[0]


def test_a_lead_appoints_another_who_then_sees_the_figures(journey: Journey) -> None:
    leyla = journey.leyla
    assert leyla.asks("/allybot transfers").startswith(REFUSAL)
    assert "<@U0LEYLA> now leads Allies at Northwind" in journey.lead.asks(
        "/allybot program lead <@U0LEYLA|leyla>"
    )
    assert PROGRAM in leyla.asks("/allybot transfers")
    assert "<@U0LEYLA>" in journey.lead.asks("/allybot program")


def test_appointing_nobody_a_bot_or_by_a_stranger_changes_nothing(journey: Journey) -> None:
    lead, leyla = journey.lead, journey.leyla
    assert "Whom would you like to appoint?" in lead.asks("/allybot program lead")
    assert "Whom would you like to appoint?" in lead.asks("/allybot program lead Leyla")
    assert "has to be a person" in lead.asks("/allybot program lead <@U0NOBODY>")
    assert "has to be a person" in lead.asks(f"/allybot program lead <@{BOT_USER}>")
    assert REFUSAL in leyla.asks("/allybot program lead <@U0LEYLA>")
    assert REFUSAL in leyla.asks("/allybot transfers")


def test_a_lead_asks_for_a_test_of_what_trainees_get_and_its_buttons_do_nothing(
    start_journey: StartJourney,
) -> None:
    journey = start_journey(2)
    jonas, lead = journey.people[0], journey.lead
    assert REFUSAL in jonas.asks("/allybot program test")
    with journey.context.database.reading() as tx:
        before = {
            table.name: tx.execute(table.select()).fetchall() for table in tables.metadata.sorted_tables
        }
    assert "A test comes to your direct messages" in lead.asks("/allybot program test")
    last = lead.reads("in the thread:")
    tests = [each for each in lead.messages() if "This is a test of allybot." in words(each)]
    assert len(tests) == 4
    assert tests[-1]["ts"] == last["ts"]
    assert PROGRAM in words(tests[0])
    for message, label in zip(tests, ("Start", "I did it", "Write a plan", "Vote A"), strict=True):
        told = len([each for each in lead.messages() if "This is a test, so nothing happens" in words(each)])
        lead.presses(label, message)
        until(
            lambda told=told: [
                each for each in lead.messages() if "This is a test, so nothing happens" in words(each)
            ][told:],
            "an answer to the button",
        )
    journey.run_worker()
    with journey.context.database.reading() as tx:
        assert before == {
            table.name: tx.execute(table.select()).fetchall() for table in tables.metadata.sorted_tables
        }
