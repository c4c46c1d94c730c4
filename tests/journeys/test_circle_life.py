"""A circle's life in Slack: joining and leaving, a pause over holidays, the end with thanks, a merge."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update

from allybot.clock import real_now
from allybot.content.program_library import ProgramContent
from allybot.demo.workspace import BOT_USER, workspace_config
from allybot.services.circles import membership
from allybot.store import tables, trainees
from allybot.store.circles import circles
from allybot.store.programs import programs
from slack_emulator import Emulator
from tests.journeys.conftest import CAST, CIRCLE, Journey, StartJourney
from tests.journeys.people import Person, labels, until, words
from tests.journeys.shapes import ORGANISATION, SHARED, ShapedJourney


@pytest.fixture
def start_without_scope(database_url: str, vault_url: str) -> Iterator[StartJourney]:
    """Starts a journey in a workspace that refused allybot the optional scope of inviting."""
    running: list[tuple[Journey, Emulator]] = []

    def start(people: int) -> Journey:
        config = workspace_config(CAST[:people], real_now, strip=False)
        assert isinstance(config.app.manifest, dict)
        config.app.manifest["oauth_config"]["scopes"]["bot"].remove("groups:write")
        emulator = Emulator(config)
        emulator.start()
        running.append((Journey(database_url, vault_url, people, emulator.url), emulator))
        return running[-1][0]

    yield start
    for journey, emulator in running:
        journey.close()
        emulator.stop()


def begin(start: StartJourney, people: int = 6) -> Journey:
    """All have said yes, the last of them facilitates; it is Wednesday of the circle's first week."""
    journey = start(people)
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    journey.people[-1].presses("I will facilitate this week", channel=CIRCLE)
    assert journey.people[-1].reads("this week is yours", CIRCLE)
    journey.go_to(1, 21, 12)
    return journey


def members(journey: Journey, channel: str = CIRCLE) -> set[str]:
    """Slack users of the circle's members, from the database."""
    with journey.context.database.reading() as tx:
        rows = tx.execute(
            select(tables.trainee.c.slack_user)
            .join(tables.circle_member, tables.circle_member.c.trainee_id == tables.trainee.c.id)
            .join(tables.circle, tables.circle.c.id == tables.circle_member.c.circle_id)
            .where(tables.circle.c.channel == channel)
        )
        return set(rows.scalars())


def scenarios(person: Person, channel: str = CIRCLE) -> list[str]:
    """The scenarios that stand in the channel, by their headings."""
    return [
        one["blocks"][0]["text"]["text"]
        for one in person.messages(channel)
        if one.get("blocks") and str(one["blocks"][0].get("block_id", "")).startswith("scenario.")
    ]


def facilitator(journey: Journey) -> Person:
    """Who facilitates this week."""
    with journey.context.database.reading() as tx:
        row = tx.execute(
            select(tables.trainee.c.slack_user).join(
                tables.circle_week, tables.circle_week.c.facilitator_id == tables.trainee.c.id
            )
        ).first()
    assert row is not None
    return next(each for each in journey.people if each.user == row.slack_user)


def asked(journey: Journey) -> list[Person]:
    """Those who are asked to facilitate, and have not answered."""
    return [
        one for one in journey.people if any("Could you facilitate" in words(each) for each in one.messages())
    ]


@pytest.fixture
def circles_can_be_joined(monkeypatch: pytest.MonkeyPatch) -> Callable[[Journey], None]:
    """Switches it on for the program, as a file in config/programs/ would."""

    def switch(journey: Journey) -> None:
        content = journey.context.content
        with journey.context.database.reading() as tx:
            (program,) = programs.programs(tx)
        own = ProgramContent(plan_library=content.plan_library, join_circles=True)
        monkeypatch.setitem(content.programs, program.name, own)

    return switch


def test_whoever_leaves_by_the_button_is_told_what_stays_and_is_not_seated_again_at_night(
    start_journey: StartJourney,
) -> None:
    journey = begin(start_journey)
    first = journey.people[0]
    assert "The next scenario comes on Monday 26 January" in first.asks("/allybot circle")
    first.presses("Leave the circle")
    assert "Your plans, notes and check-ins stay" in words(first.reads("Leave *"))
    assert first.user in members(journey)
    first.presses("Yes, leave")
    assert "type `/leave`" in words(first.reads("You have left the circle"))
    journey.go_to(1, 23)
    assert first.user not in members(journey)
    journey.remote.post("kick", channel=CIRCLE, user=first.user)
    journey.settle()
    journey.remote.post("invite", channel=CIRCLE, user=first.user)
    until(lambda: first.user in members(journey), "them to be a member again")


def test_leaving_from_the_home_tab(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first = journey.people[0]
    first.home("Your ally circle meets")
    first.presses_under_more("Your circle")
    first.modal("allybot", lambda view: "Leave the circle" in labels(view))
    first.presses_in_modal("Leave the circle")
    first.modal("allybot", lambda view: "Yes, leave" in labels(view))
    first.presses_in_modal("Yes, leave")
    first.modal("allybot", lambda view: "You have left the circle" in words(view))
    assert first.user not in members(journey)


def out_of_the_circle(journey: Journey) -> Person:
    """Somebody has left the channel, and with it the circle."""
    person = journey.people[0]
    journey.remote.post("kick", channel=CIRCLE, user=person.user)
    until(lambda: person.user not in members(journey), "them to be out")
    return person


def test_without_a_setting_of_the_program_no_circle_can_be_asked(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first = out_of_the_circle(journey)
    assert "Find a circle" not in labels(first.home("Next check-in"))
    assert "ask a lead of your program" in first.asks("/allybot circle")


def test_somebody_without_a_circle_asks_and_one_tap_of_a_member_lets_them_in(
    start_journey: StartJourney, circles_can_be_joined: Callable[[Journey], None]
) -> None:
    journey = begin(start_journey)
    circles_can_be_joined(journey)
    first, second = out_of_the_circle(journey), journey.people[1]
    first.home("Some circles of your program have room")
    first.presses_at_home("Find a circle")
    shown = first.modal("allybot", lambda view: "Ask to join" in labels(view))
    assert "members" not in words(shown), "how many are in a circle is its members' business"
    first.presses_in_modal("Ask to join")
    first.modal("allybot", lambda view: "let you in" in words(view))
    journey.run_worker()
    asked = second.reads(f"<@{first.user}> is in your program", CIRCLE)
    journey.remote.post("invite", channel=CIRCLE, user=journey.leyla.user)
    journey.leyla.presses("Welcome, come in", asked, CIRCLE)  # who is no member decides nothing
    assert journey.leyla.reads("no longer does anything", CIRCLE)
    second.presses("Welcome, come in", asked, CIRCLE)
    until(lambda: first.user in members(journey), "them to be let in")
    assert second.reads("is invited to the channel", CIRCLE)
    journey.run_worker()
    assert labels(second.reads(f"<@{first.user}> has joined", CIRCLE)) == []
    assert "Find a circle" not in labels(first.home("Your ally circle meets"))


def test_a_lead_lets_somebody_in(
    start_journey: StartJourney, circles_can_be_joined: Callable[[Journey], None]
) -> None:
    journey = begin(start_journey)
    circles_can_be_joined(journey)
    first = out_of_the_circle(journey)
    first.asks("/allybot circle")
    first.presses("Ask to join")
    assert first.reads("are asked in their next working hour")
    journey.run_worker()
    journey.lead.presses("Welcome, come in", journey.lead.reads("would like to join the circle"))
    until(lambda: first.user in members(journey), "them to be let in")


def test_where_the_scope_was_refused_the_member_is_told_what_to_type(
    start_without_scope: StartJourney, circles_can_be_joined: Callable[[Journey], None]
) -> None:
    journey = begin(start_without_scope)
    circles_can_be_joined(journey)
    first, second = out_of_the_circle(journey), journey.people[1]
    first.asks("/allybot circle")
    first.presses("Ask to join")
    assert first.reads("are asked in their next working hour")
    journey.run_worker()
    second.presses("Welcome, come in", second.reads("would like to join this circle", CIRCLE), CIRCLE)
    assert f"`/invite <@{first.user}>`" in words(second.reads("I cannot invite people", CIRCLE))
    assert first.user not in members(journey)
    journey.remote.post("invite", channel=CIRCLE, user=first.user, inviter=second.user)
    until(lambda: first.user in members(journey), "them to be a member")


def test_a_facilitator_pauses_the_circle_and_no_scenario_is_lost(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    whoever = facilitator(journey)
    whoever.asks("/allybot circle")
    whoever.presses("Pause for 2 weeks")
    assert "Monday 9 February" in words(whoever.reads("pauses; the next scenario comes on"))
    journey.run_worker()
    assert "Monday 9 February" in words(whoever.reads("*This circle pauses.*", CIRCLE))
    before = scenarios(whoever)
    for day in (22, 26, 30):
        journey.go_to(1, day, 13)
        assert scenarios(whoever) == before
        assert not asked(journey)
    journey.go_to(2, 2, 13)
    assert scenarios(whoever) == before
    assert len(asked(journey)) == 1, "a week before the scenario"
    journey.go_to(2, 9, 12)
    assert len(scenarios(whoever)) == len(before) + 1
    with journey.context.database.reading() as tx:
        numbers = list(
            tx.execute(select(tables.circle_week.c.number).order_by(tables.circle_week.c.number)).scalars()
        )
    assert numbers == [1, 2, 3], "the third is prepared as soon as the second has begun"


def test_a_member_proposes_a_pause_and_another_ones_tap_makes_it_so(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    one, other, *_ = [each for each in journey.people if each is not facilitator(journey)]
    one.asks("/allybot circle")
    one.presses("Pause for one week")
    assert one.reads("As soon as one more of you agrees")
    journey.run_worker()
    proposal = one.reads("proposes that this circle pauses for one week", CIRCLE)
    assert f"<@{one.user}>" in words(proposal)
    assert "Monday 2 February" in words(proposal)
    one.presses("Yes, let us pause", proposal, CIRCLE)
    assert one.reads("no longer does anything", CIRCLE)
    other.presses("Yes, let us pause", proposal, CIRCLE)
    assert other.reads("pauses; the next scenario comes on", CIRCLE)
    journey.run_worker()
    assert one.reads("*This circle pauses.*", CIRCLE)
    other.presses("Go on earlier", other.reads("*This circle pauses.*", CIRCLE), CIRCLE)
    assert "Monday 26 January" in words(other.reads("goes on; the next scenario comes on", CIRCLE))
    journey.run_worker()
    assert "Monday 26 January" in words(one.reads("*The pause is over.*", CIRCLE))
    journey.go_to(1, 26, 12)
    assert len(scenarios(one)) == 2


def test_an_old_proposal_of_a_pause_does_nothing_once_the_circle_has_gone_on(
    start_journey: StartJourney,
) -> None:
    journey = begin(start_journey)
    one, other, *_ = [each for each in journey.people if each is not facilitator(journey)]
    one.asks("/allybot circle")
    one.presses("Pause for one week")
    assert one.reads("As soon as one more of you agrees")
    journey.run_worker()
    proposal = one.reads("proposes that this circle pauses", CIRCLE)
    journey.go_to(1, 26, 12)
    other.presses("Yes, let us pause", proposal, CIRCLE)
    assert other.reads("no longer does anything", CIRCLE)
    journey.go_to(2, 2, 12)
    assert len(scenarios(one)) == 3


def test_after_a_pause_on_the_day_of_the_kit_somebody_is_asked_anew(
    start_journey: StartJourney,
) -> None:
    journey = begin(start_journey)
    journey.go_to(1, 23, 12)  # the kit for Monday is out
    journey.lead.asks("/allybot circle")
    journey.lead.presses("Pause for one week")
    assert journey.lead.reads("pauses; the next scenario comes on")
    journey.lead.asks("/allybot circle")
    journey.lead.presses("Go on earlier")
    assert "Monday 2 February" in words(journey.lead.reads("goes on; the next scenario comes on"))
    journey.go_to(1, 26, 12)
    assert len(scenarios(journey.people[0])) == 1
    (who,) = asked(journey)
    who.presses("Yes, I will")
    assert who.reads("Thank you, this week is yours")
    journey.go_to(1, 30, 12)
    journey.go_to(2, 2, 12)
    assert len(scenarios(journey.people[0])) == 2
    with journey.context.database.reading() as tx:
        turns = sorted(tx.execute(select(tables.circle_member.c.turns)).scalars())
    assert turns == [0, 0, 0, 0, 1, 1]


def thanks(person: Person, channel: str = CIRCLE) -> list[str]:
    """Every closing message in a channel."""
    return [words(one) for one in person.messages(channel) if "the last scenario here" in words(one)]


def test_after_the_last_week_the_circle_is_thanked_once(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first = journey.people[0]
    with journey.context.database.transaction() as tx:
        tx.execute(update(tables.circle).values(last_week=2))
    journey.go_to(1, 26, 12)
    journey.go_to(1, 29, 12)
    assert thanks(first) == []
    journey.go_to(1, 30, 12)
    journey.go_to(1, 30, 13)
    (closing,) = thanks(first)
    assert "2 weeks, 2 situations" in closing
    for day in (2, 3, 9):
        journey.go_to(2, day, 12)
    assert len(thanks(first)) == 1
    assert len(scenarios(first)) == 2


def test_a_lead_ends_a_circle_early_and_its_votes_are_opened_at_once(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first, *others = journey.people
    story = first.messages(CIRCLE)[-1]
    for person in others[:4]:
        person.presses("Vote A", story, CIRCLE)
        assert person.reads("Your vote is sealed", CIRCLE)
    assert "End the circle" not in first.asks("/allybot circle")
    journey.lead.asks("/allybot circle")
    journey.lead.presses("End the circle")
    assert "a vote that is open is opened at once" in words(journey.lead.reads("End *"))
    journey.lead.presses("Yes, end it")
    assert journey.lead.reads("has ended, and is thanked")
    journey.run_worker()
    assert "4 voted" in words(first.messages(CIRCLE)[-1])
    journey.pass_hours(1)
    assert len(thanks(first)) == 1
    for day in (23, 26, 27):
        journey.go_to(1, day, 12)
    assert len(scenarios(first)) == 1
    assert len(thanks(first)) == 1
    assert "No more scenarios come" in first.asks("/allybot circle")


@pytest.mark.parametrize("shape", [ORGANISATION, SHARED])
def test_people_of_another_workspace_or_organisation_are_compared_at_night_like_everybody_else(
    database_url: str, vault_url: str, shape: str
) -> None:
    journey = ShapedJourney(database_url, vault_url, 4, shape, "Socket Mode")
    try:
        for person in journey.people:
            person.begins()
        everybody = {person.user for person in journey.people}
        _, conversation = journey.emulator.slack.find_conversation(CIRCLE)
        journey.go_to(1, 14)
        for user in (journey.others[0].user, journey.ours[0].user):
            conversation.members.remove(user)  # and no event comes
        journey.go_to(1, 15)
        assert members(journey) == everybody - {journey.others[0].user, journey.ours[0].user}
        conversation.members.append(journey.others[0].user)
        journey.go_to(1, 16)
        assert members(journey) == everybody - {journey.ours[0].user}
    finally:
        journey.close()


ELM = "C0ELM"


def two_small_circles(start: StartJourney) -> Journey:
    """Six people in two circles of which two each are left, after the second week."""
    journey = start(6)
    for person in journey.people:
        person.begins()
    here, there = journey.people[:3], journey.people[3:]
    for person in there:
        journey.remote.post("kick", channel=CIRCLE, user=person.user)
    until(lambda: len(members(journey)) == 3, "three to leave")
    users = [BOT_USER, *(person.user for person in there)]
    journey.remote.post("channels", id=ELM, name="elm", is_private=True, members=users)
    with journey.context.database.transaction() as tx:
        (program,) = programs.programs(tx)
        for trainee in trainees.trainees_of_program(tx, program.id):
            if trainee.slack_user in users:
                membership.join(journey.context, tx, program, ELM, "Elm", trainee.id, journey.now)
    journey.go_to(1, 19, 12)
    journey.go_to(1, 20, 12)
    for channel, person in ((CIRCLE, here[-1]), (ELM, there[-1])):
        journey.remote.post("kick", channel=channel, user=person.user)
    until(lambda: len(members(journey)) == len(members(journey, ELM)) == 2, "two to be left in each")
    return journey


def merge(journey: Journey) -> tuple[str, str]:
    """The lead gets one proposal and takes it; the channels of the circle that goes on and of the other."""
    for month, day in ((1, 22), (1, 23), (1, 26), (1, 29), (2, 2), (2, 5), (2, 6)):
        journey.go_to(month, day, 16)
    assert not [one for one in journey.lead.messages() if "could become one circle" in words(one)]
    journey.go_to(2, 9, 8)
    journey.go_to(2, 9, 12)
    (proposal,) = [one for one in journey.lead.messages() if "could become one circle" in words(one)]
    assert "left" not in words(proposal)
    journey.lead.presses("Merge them", proposal)
    into, ending = until(
        lambda: next(
            (
                pair
                for pair in ((CIRCLE, ELM), (ELM, CIRCLE))
                if any(f"are asked into <#{pair[0]}>" in words(one) for one in journey.lead.messages())
            ),
            None,
        ),
        "an answer",
    )
    return into, ending


def test_two_circles_that_shrank_merge_when_the_lead_says_so(start_journey: StartJourney) -> None:
    journey = two_small_circles(start_journey)
    into, ending = merge(journey)
    until(lambda: len(members(journey, into)) == 4, "all to be in one circle")
    assert members(journey, ending) == set()
    journey.run_worker()
    whoever = next(each for each in journey.people if each.user in members(journey, into))
    journey.pass_hours(1)
    assert any("*This circle joins" in words(one) for one in journey.people[0].messages(ending))
    journey.go_to(2, 16, 12)
    assert len(scenarios(whoever, into)) == 5
    assert len(scenarios(whoever, ending)) == 4
    with journey.context.database.reading() as tx:
        circle = circles.circle_in_channel(tx, journey.workspace, into)
        turns = sorted(each.turns for each in circles.members(tx, circle.id)) if circle else []
    assert sum(turns) <= 3
    assert max(turns) - min(turns) <= 1


def test_where_the_scope_was_refused_both_circles_are_told_what_to_do(
    start_without_scope: StartJourney,
) -> None:
    journey = two_small_circles(start_without_scope)
    into, ending = merge(journey)
    told = words(journey.lead.reads("Slack does not let me invite everybody"))
    assert "let a member type `/invite` and their name" in told
    assert "<@" not in told, "names would say who is in the circle"
    journey.run_worker()
    waiting = members(journey, ending)
    assert len(waiting) == 2
    assert any("are invited to join you" in words(one) for one in journey.people[0].messages(into))
    for user in waiting:
        journey.remote.post("invite", channel=into, user=user)
    until(lambda: len(members(journey, into)) == 4, "all to be in one circle")


def makes_a_circle(journey: Journey, name: str, *users: str) -> None:
    """The lead fills the form in and sends it."""
    view = journey.lead.modal("A new circle")
    assert "Four to twelve people" in words(view)
    blocks = {
        block["block_id"]: {block["block_id"]: None} for block in view["blocks"] if block["type"] == "input"
    }
    blocks["circle_name"] = {"circle_name": name}
    blocks["people"] = {"people": list(users)}
    answer = journey.remote.post("view-submit", user=journey.lead.user, values=blocks)
    assert answer["response_action"] == "update", answer


def channel_of(journey: Journey, name: str) -> str:
    """The channel of the circle of this name."""
    with journey.context.database.reading() as tx:
        found = tx.execute(select(tables.circle.c.channel).where(tables.circle.c.name == name)).scalar_one()
    return str(found)


def test_a_lead_makes_a_circle_and_whoever_has_none_is_invited(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first, second = out_of_the_circle(journey), journey.people[1]
    journey.lead.types("/allybot circle new")
    makes_a_circle(journey, "Rowan & Ash", first.user, second.user, journey.leyla.user)
    assert "<@" not in words(journey.lead.reads("The circle *Rowan &amp; Ash* is made"))
    made = journey.calls("conversations.create")
    assert [each["args"]["name"] for each in made] == ["rowan-ash"]
    channel = channel_of(journey, "Rowan & Ash")
    until(lambda: members(journey, channel) == {first.user}, "the one without a circle to be in it")
    assert [each["args"]["users"] for each in journey.calls("conversations.invite")] == [first.user]
    journey.go_to(1, 26, 12)
    assert len(scenarios(first, channel)) == 1


def test_somebody_without_a_circle_proposes_one_and_the_lead_makes_it(
    start_journey: StartJourney, circles_can_be_joined: Callable[[Journey], None]
) -> None:
    journey = begin(start_journey)
    circles_can_be_joined(journey)
    first = out_of_the_circle(journey)
    first.asks("/allybot circle")
    first.presses("I would like a new circle")
    assert first.reads("The leads of your program are told")
    journey.run_worker()
    journey.lead.presses("Make a circle", journey.lead.reads("would like a new one"))
    makes_a_circle(journey, "Rowan", first.user)
    assert journey.lead.reads("The circle *Rowan* is made")
    channel = channel_of(journey, "Rowan")
    until(lambda: members(journey, channel) == {first.user}, "them to be in it")
    assert f"<#{channel}>" in words(first.home("Your ally circle meets"))


def test_where_the_scope_was_refused_the_lead_makes_the_channel_and_says_here(
    start_without_scope: StartJourney,
) -> None:
    journey = begin(start_without_scope)
    first = out_of_the_circle(journey)
    journey.lead.types("/allybot circle new")
    makes_a_circle(journey, "Rowan", first.user)
    assert "then `/allybot circle here`" in words(journey.lead.reads("I may not make channels"))
    journey.remote.post(
        "channels", id="C0ROWAN", name="rowan", is_private=True, members=[journey.lead.user, first.user]
    )
    journey.lead.types("/allybot circle here", "C0ROWAN")
    assert journey.lead.reads("type `/invite @allybot` here", "C0ROWAN")
    journey.remote.post("invite", channel="C0ROWAN", user=BOT_USER)
    journey.lead.types("/allybot circle here", "C0ROWAN")
    assert journey.lead.reads("is the circle *rowan* now", "C0ROWAN")
    assert members(journey, "C0ROWAN") == {first.user}
    journey.go_to(1, 26, 12)
    assert len(scenarios(first, "C0ROWAN")) == 1


def test_who_leads_no_program_makes_no_circle(start_journey: StartJourney) -> None:
    journey = begin(start_journey)
    first = journey.people[0]
    assert "Only the leads" in first.asks("/allybot circle new")
    assert "Only the leads" in first.asks("/allybot circle here", CIRCLE)
    assert journey.calls("conversations.create") == []
