"""A lead who needs no terminal: sets up a program, corrects it, and ends it, in Slack."""

from datetime import date, timedelta
from typing import Any

from allybot.domain.people import Actor
from allybot.services.programs import change_log, leading, programs
from allybot.store import tables, trainees
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import Person, labels, options, stands_in, words

PROGRAM, NEW = "Allies at Northwind", "Allies, spring"
REFUSAL = "Only the leads of a program can see its transfer outcomes. Nothing else is shown here."


def make_admin(journey: Journey, person: Person) -> None:
    assert journey.remote.post("user-change", user=person.user, is_admin=True)["ok"]


def opens(lead: Person, button: str) -> dict[str, Any]:
    """A form behind “Change” on the page of the only program they lead."""
    lead.asks("/allybot program")
    lead.presses("Change")
    lead.modal("Change")
    lead.presses_in_modal(button)
    titles = {
        "Name": "Name, contact, place", "Date": "Date of a training", "Add": "Cohorts", "Leads": "Leads",
        "Days off": "Days off", "End": "End or delete it",
    }  # fmt: skip
    return lead.modal(titles[button])


def changes(lead: Person, form: dict[str, Any], **filled: Any) -> str:
    """Send a form and confirm what would happen; what would happen."""
    answer = lead.submits(form, **filled)
    assert answer == {"ok": True, "response_action": "push"}, answer
    seen = lead.modal("This would happen")
    assert lead.submits(seen)["response_action"] == "update"
    assert "is changed" in words(lead.modal("Changed"))
    lead.closes()
    assert lead.has_no_modal()
    return words(seen)


def errors_of(answer: dict[str, Any]) -> dict[str, str]:
    assert answer["response_action"] == "errors", answer
    return dict(answer["errors"])


def log_of(lead: Person) -> str:
    lead.asks("/allybot program")
    lead.presses("What was changed")
    return words(lead.reads("What was changed in"))


def test_an_admin_sets_up_a_program_with_wrong_entries_on_the_way(journey: Journey) -> None:
    leyla, today = journey.leyla, journey.now.date()
    assert "set up by admins of this workspace" in leyla.asks("/allybot program new")
    assert "Set up a program" not in labels(leyla.home())
    make_admin(journey, leyla)
    leyla.home("allybot follows up")
    leyla.presses_at_home("Set up a program")
    form = leyla.modal("Set up a program")
    assert stands_in(form, "country") in {"", "Germany"}
    wrong = leyla.submits(
        form, name=PROGRAM, people="many", country="Atlantis", zone="Berlin", minimum="3",
        emergency_number="call me",
    )  # fmt: skip
    assert set(errors_of(wrong)) == {"name", "people", "contact", "country", "minimum", "emergency_number"}
    assert "of this name already" in wrong["errors"]["name"]
    long_ago = today - timedelta(days=600)
    right: dict[str, Any] = {
        "name": NEW, "people": "18", "country": "Germany", "minimum": "10", "emergency_number": "112",
        "person": "U0ANA", "contact": "HR, +49 30 5550 100",
    }  # fmt: skip
    answer = leyla.submits(leyla.modal("Set up a program"), trained_on=long_ago, **right)
    assert answer == {"ok": True, "response_action": "push"}
    doubtful = leyla.modal("Is this right?")
    assert "meant?" in words(doubtful)
    assert leyla.submits(doubtful)["error"] == "client_validation"
    leyla.closes()
    form = leyla.modal("Set up a program")
    assert stands_in(form, "name") == NEW  # nothing typed is lost
    leyla.submits(form, trained_on=today + timedelta(days=8), pool="Leadership  courses")
    seen = words(leyla.modal("Is this right?"))
    assert "meant?" not in seen
    assert "day 3: " in seen
    assert "13 in all" in seen
    assert "If 9 of 18 answer (50\u00a0%): no figures at first." in seen
    assert "wait for other programs of the pool Leadership courses, up to 18 months" in seen
    assert "from 12 people on, or else deleted unopened" in seen
    assert "If 13 of 18 answer (70\u00a0%): about how many acted" in seen
    assert "Ana Petrova, HR, +49 30 5550 100" in seen
    assert "Germany" in seen
    assert leyla.submits(leyla.modal("Is this right?"))["response_action"] == "update"
    leyla.modal("It is set up")
    leyla.closes()
    assert leyla.has_no_modal()
    journey.run_worker()
    assert leyla.reads(f"You lead *{NEW}*")
    page = leyla.asks("/allybot program")
    assert NEW in page
    assert PROGRAM not in page
    log = log_of(leyla)
    assert "<@U0LEYLA>: set the program up" in log
    made = programs.find(journey.context, NEW)
    assert (made.country, made.zone.key, made.minimum_respondents) == ("DE", "Europe/Berlin", 10)
    assert made.pool == "Leadership courses"


def test_a_training_is_corrected_and_who_is_in_is_asked_once_on_the_new_day(
    start_journey: StartJourney,
) -> None:
    journey = start_journey(4)
    lead, person = journey.lead, journey.people[0]
    person.begins()
    person.writes_plan("a colleague is talked over", "ask her to finish")
    was = next_check_in(journey, person)
    (cohort,) = programs.show(journey.context, PROGRAM).cohorts
    form = opens(lead, "Date")
    far = errors_of(lead.submits(form, first=date(2099, 1, 1)))
    assert "ten years" in far["first"]
    right = cohort.training_ended_on + timedelta(days=14)
    seen = changes(lead, lead.modal("Date of a training"), first=right)
    assert "check-ins:\n- day 3" in seen
    assert "are counted on" in seen
    moved_to = next_check_in(journey, person)
    assert moved_to > right > was
    assert "training until" in log_of(lead)
    journey.go_to(was.month, was.day, 16)
    assert not [each for each in person.messages() if "I did it" in labels(each)]
    journey.go_to(moved_to.month, moved_to.day, 16)
    journey.go_to(moved_to.month, moved_to.day, 16, 30)
    assert len([each for each in person.messages() if "I did it" in labels(each)]) == 1
    late = errors_of(lead.submits(opens(lead, "Date"), first=cohort.training_ended_on))
    assert "people were asked on the old dates" in late["first"]
    lead.closes()
    with journey.context.database.reading() as tx:
        assert len(list(tx.execute(tables.check_in.select()))) == 1


def test_names_cohorts_leads_and_days_off_are_corrected_and_stand_in_the_log(
    start_journey: StartJourney,
) -> None:
    journey = start_journey(4)
    lead, leyla, person = journey.lead, journey.leyla, journey.people[0]
    person.begins()
    person.writes_plan("a colleague is talked over", "ask her to finish")
    form = opens(lead, "Name")
    assert "“Atlantis”" in errors_of(lead.submits(form, country="Atlantis"))["country"]
    form = lead.modal("Name, contact, place")
    changes(lead, form, name="Allies 2026", country="", emergency_number="911", contact="Ana Petrova, HR")
    assert "Ana Petrova, HR" in lead.asks("/allybot program")
    assert "Call 911" in words(journey.answer_to(person, "I want to kill myself"))

    first = journey.now.date() + timedelta(days=90)
    seen = changes(lead, opens(lead, "Add"), text="Summer", first=first)
    assert "Cohort Summer, training until" in seen
    assert (
        "cohort called summer"
        in errors_of(lead.submits(opens(lead, "Add"), text="summer", first=first))["text"]
    )
    lead.closes()
    cohorts = programs.show(journey.context, "Allies 2026").cohorts
    summer = next(each for each in cohorts if each.name == "Summer")
    form = opens(lead, "Add")
    option = next(each for each in form["blocks"] if each.get("block_id") == "cohort")["element"]["options"]
    by_id = {each["value"]: each["text"]["text"] for each in option}
    kept = next(each for each in cohorts if each.name != "Summer")
    assert "has been on a list" in errors_of(lead.submits(form, cohort=by_id[kept.id]))["cohort"]
    changes(lead, lead.modal("Cohorts"), cohort=by_id[summer.id])
    assert [each.name for each in programs.show(journey.context, "Allies 2026").cohorts] == [kept.name]

    before = next_check_in(journey, person)
    days = {"first": before - timedelta(days=1), "last": before + timedelta(days=6)}
    changes(lead, opens(lead, "Days off"), **days)
    assert next_check_in(journey, person) > days["last"]
    assert "overlap" in errors_of(lead.submits(opens(lead, "Days off"), **days))["first"]
    lead.presses_in_modal("Remove")
    assert lead.submits(lead.modal("This would happen"))["response_action"] == "update"
    lead.closes()
    assert next_check_in(journey, person) == before

    form = opens(lead, "Leads")
    assert "At least one stays" in words(form)
    assert "has to be a person" in errors_of(lead.submits(form, leads=[lead.user, "U0NOBODY"]))["leads"]
    assert lead.submits(form, leads=[lead.user, leyla.user])["response_action"] == "update"
    lead.closes()
    journey.run_worker()
    assert leyla.reads("You lead *Allies 2026*")
    assert leyla.submits(opens(leyla, "Leads"), leads=[leyla.user])["response_action"] == "update"
    leyla.closes()
    assert REFUSAL in lead.asks("/allybot program")

    log = log_of(leyla)
    for said in (
        "name: Allies 2026, not Allies at Northwind", "emergency number: 911, not 112",
        "added cohort Summer", "removed cohort Summer", "days off from", "no days off from",
        "appointed <@U0LEYLA> as a lead", f"<@{lead.user}> leads no more", f"<@{lead.user}>: ",
        "the operator: set the program up",
    ):  # fmt: skip
        assert said in log, said
    assert not any(each.user in log or each.name in log for each in journey.people)


def next_check_in(journey: Journey, person: Person) -> date:
    with journey.context.database.reading() as tx:
        found = trainees.trainee_of(tx, Actor(journey.workspace, person.user))
    assert found is not None
    assert found.next_check_in_at is not None
    return found.next_check_in_at.astimezone(found.zone).date()


def test_buttons_and_forms_of_a_lead_do_nothing_for_others(journey: Journey) -> None:
    """Whoever leads no more, with a form that is still open."""
    lead, leyla = journey.lead, journey.leyla
    leading.appoint_lead(journey.context, PROGRAM, None, leyla.user, journey.now)
    form = opens(lead, "Name")
    leading.dismiss_lead(journey.context, PROGRAM, None, lead.user, journey.now)
    assert lead.submits(form, name="Mine now")["response_action"] == "update"
    assert REFUSAL in words(lead.modal("allybot"))
    lead.closes()
    old = next(each for each in reversed(lead.messages()) if "Change" in labels(each))
    lead.presses("Change", old)
    assert lead.reads(REFUSAL)
    lead.presses("What was changed", old)
    found = programs.find(journey.context, PROGRAM)
    _, made = change_log.changes_of(journey.context, None, found.id)
    assert all(each.new != "Mine now" for each in made)


def test_a_program_ends_early_with_goodbyes_and_its_figures_stay(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    lead, person, silent = journey.lead, journey.people[0], journey.people[1]
    person.begins()
    person.writes_plan("a colleague is talked over", "ask her to finish")
    form = opens(lead, "End")
    assert "counted today if 10 answered, else deleted unopened" in words(form)
    wrong = lead.submits(form, how="End it now", typed="Allies")
    assert PROGRAM in errors_of(wrong)["typed"]
    assert lead.submits(lead.modal("End or delete it"), how="End it now", typed=PROGRAM.lower())["ok"]
    assert lead.reads("is ended. Nothing more is asked")
    lead.closes()
    journey.run_worker()
    journey.pass_hours(24)
    assert person.reads("That was the last of")
    before = len(person.messages())
    journey.pass_days(20)
    assert not [each for each in person.messages()[before:] if "I did it" in labels(each)]
    with journey.context.database.reading() as tx:
        assert trainees.trainee_of(tx, Actor(journey.workspace, silent.user)) is None
    assert "ended the program" in log_of(lead)
    assert options(opens(lead, "End"), "how") == ["Delete everything now"]


def test_a_deleted_program_leaves_nothing(start_journey: StartJourney) -> None:
    journey = start_journey(4)
    lead, person = journey.lead, journey.people[0]
    person.begins()
    person.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    person.presses("I did it")
    person.modal("Your check-in")
    person.closes()
    form = opens(lead, "End")
    assert "deleted unopened" in words(form)
    assert lead.submits(form, how="Delete everything now", typed=PROGRAM)["ok"]
    assert lead.reads("is deleted, with everything in it")
    with journey.context.database.reading() as tx, journey.context.vault.reading() as vault_tx:
        for table in ("program", "cohort", "window", "ballot", "trainee", "circle", "lead", "program_change"):
            assert tx.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one() == 0, table  # noqa: S608 - our own names
        assert vault_tx.exec_driver_sql("SELECT count(*) FROM window_key").scalar_one() == 0
    assert REFUSAL in lead.asks("/allybot program")
    journey.pass_days(30)
