"""Each kind of refusal has one consequence, once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from allybot.domain.circles import CircleState
from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import DecryptionError
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.parked import parked
from allybot.services.delivery.refusals import Refusal, kind_of
from allybot.services.delivery.sender import deliver
from allybot.store.circles.circles import add_member, circle_by_id
from allybot.store.circles.posts import close_circle
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.delivery.rate_limits import Budget
from allybot.store.trainees import change_trainee, trainee_by_id
from tests.support import builders
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office, fast, render

MakeCircle = Callable[..., Actor]


def test_a_deactivated_person_is_not_written_to_although_slack_would_take_it(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of()
    row = office.put("one", trainee_id="trainee-UA1")
    office.emulator.slack.workspaces[HERE].people["UA1"].deleted = True
    office.deliver()
    assert office.state(row) is MessageState.REFUSED
    assert office.row(row).reason == "user_gone"
    assert office.seen() == {}
    with office.context.database.reading() as tx:
        trainee = trainee_by_id(tx, "trainee-UA1")
    assert trainee is not None
    assert trainee.state is TraineeState.GONE


def test_the_answer_about_a_person_is_believed_for_a_while(office: Office) -> None:
    for number in range(3):
        office.put(f"number {number}")
    office.deliver("one worker")
    assert office.calls("users.info") == 1
    assert office.calls("conversations.open") == 1


def test_where_many_are_due_at_once_slack_is_asked_about_few_and_everybody_gets_their_message(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of()
    with office.context.database.transaction() as tx:
        users = {f"trainee-{user}": user for user in ("UA3", "UA4", "UA5")}
        builders.trainees(tx, users, workspace_id=HERE, program_id="program-1", cohort_id="cohort-1")
    office.rules = fast(look_ups=Budget(per_minute=4, burst=2))
    rows = [office.put("one", to_user=user, trainee_id=f"trainee-{user}") for user in ("UA1", "UA2", "UA3")]
    with office.delivery() as delivery:
        while delivery.begin(office.now):
            delivery.finish()
        assert {office.state(row) for row in rows} == {MessageState.SENT}
        assert office.calls("users.info") == 2
        office.ahead = timedelta(minutes=1)
        office.put("two", to_user="UA4", trainee_id="trainee-UA4")
        office.put("two", to_user="UA5", trainee_id="trainee-UA5")
        delivery.begin(office.now)
    assert office.calls("users.info") == 4


def test_a_lead_and_whoever_slack_said_has_left_are_asked_about_all_the_same(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of()
    office.rules = fast(look_ups=Budget(per_minute=2, burst=1))
    with office.context.database.transaction() as tx:
        change_trainee(tx, "trainee-UA2", state=TraineeState.GONE)
    for user in ("UA1", "UA2"):
        office.put("one", to_user=user, trainee_id=f"trainee-{user}")
    office.put("one", to_user="UA8")
    office.deliver()
    assert office.calls("users.info") == 3


def test_the_channel_of_a_trainee_is_remembered_beyond_a_worker(
    office: Office, circle_of: MakeCircle
) -> None:
    circle_of()
    for number in range(2):
        office.put(f"number {number}", trainee_id="trainee-UA1")
        office.deliver()
    assert office.calls("conversations.open") == 1


@pytest.mark.parametrize("mode", ["fatal_error", "rate_limited", "drop_before"])
def test_a_channel_that_slack_does_not_let_us_look_at_now_is_posted_to(
    office: Office, circle_of: MakeCircle, mode: str
) -> None:
    circle_of()
    office.fault(mode, "conversations.info")
    row = office.put("week-1", kind=MessageKind.SCENARIO, to_user=None, to_channel=CIRCLE_CHANNEL)
    office.deliver()
    assert office.state(row) is MessageState.SENT


def test_a_channel_is_looked_at_before_every_post(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    with office.delivery() as delivery:

        def post(what: str) -> str:
            row = office.put(what, to_user=None, to_channel=CIRCLE_CHANNEL)
            while delivery.begin(office.now):
                delivery.finish()
            return row

        assert office.state(post("one")) is MessageState.SENT
        office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL].kind = "public"
        assert office.state(post("a moment later")) is MessageState.REFUSED
    assert office.calls("conversations.info") == 2


def test_a_lead_is_told_nothing_of_trouble_that_is_over(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    over = office.put("circle-1", kind=MessageKind.CIRCLE_TROUBLE, to_user="UA8")
    office.deliver()
    assert office.state(over) is MessageState.CANCELLED
    with office.context.database.transaction() as tx:
        assert close_circle(tx, "circle-1")
    row = office.put("circle-1", kind=MessageKind.CIRCLE_TROUBLE, to_user="UA8")
    office.deliver()
    assert office.state(row) is MessageState.SENT


@pytest.mark.parametrize("how", ["made public", "shared"])
def test_a_circle_whose_channel_was_opened_rests_and_everybody_in_it_is_told_once(
    office: Office, circle_of: MakeCircle, how: str
) -> None:
    circle_of()
    with office.context.database.transaction() as tx:
        for trainee in ("trainee-UA1", "trainee-UA2"):
            add_member(tx, "circle-1", trainee, 0)
    channel = office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL]
    if how == "shared":
        channel.connected.append("T0PARTNER")
    else:
        channel.kind = "public"
    rows = [
        office.put(f"week-{number}", kind=MessageKind.SCENARIO, to_user=None, to_channel=CIRCLE_CHANNEL)
        for number in range(2)
    ]
    for _ in range(2):
        office.deliver()
    assert {office.state(row) for row in rows} == {MessageState.REFUSED}
    assert not any(text.startswith("about week") for text in office.seen())
    assert [text for text in office.seen() if how in text and "rests" in text]
    assert office.seen()["about circle-1"] == 2  # the two members, in the words of this test
    with office.context.database.reading() as tx:
        circle = circle_by_id(tx, "circle-1")
    assert circle is not None
    assert circle.state is CircleState.CLOSED
    assert circle.rests_because == ("channel_shared" if how == "shared" else "channel_made_public")


@pytest.mark.parametrize("trouble", ["archived", "removed"])
def test_a_circle_whose_channel_is_closed_to_us_ends_and_the_lead_hears_of_it_once(
    office: Office, circle_of: MakeCircle, trouble: str
) -> None:
    circle_of()
    channel = office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL]
    if trouble == "archived":
        channel.is_archived = True
    else:
        channel.members.remove("UABOT")
    rows = [office.put(f"{number}", to_user=None, to_channel=CIRCLE_CHANNEL) for number in range(2)]
    office.deliver()
    assert [office.state(row) for row in rows] == [MessageState.REFUSED] * 2
    with office.context.database.reading() as tx:
        closed = circle_by_id(tx, "circle-1")
    assert closed is not None
    assert closed.state == "closed"
    (told,) = office.messages()
    assert "*Oak* has stopped" in told["text"]


def test_a_message_slack_rejects_is_parked_and_not_retried(office: Office) -> None:
    row = office.put("too long")
    office.deliver()
    assert office.state(row) is MessageState.PARKED
    calls = office.calls("chat.postMessage")
    office.deliver()
    assert office.calls("chat.postMessage") == calls == 1
    (message,) = parked(office.context)
    assert message.reason == "msg_too_long"
    assert "fault in allybot" in message.remedy


def test_an_update_of_a_message_that_is_no_more_is_let_go(office: Office) -> None:
    office.put("first", key="first")
    office.deliver()
    place = (office.slack.open_dm(HERE, "UA1"), "1000000000.000001")
    row = office.put("second", replaces=place)
    office.deliver()
    assert office.state(row) is MessageState.REFUSED
    assert parked(office.context) == []


def test_a_direct_message_that_has_moved_is_opened_anew(office: Office, circle_of: MakeCircle) -> None:
    circle_of()
    office.put("one", trainee_id="trainee-UA1")
    office.deliver()
    workspace = office.emulator.slack.workspaces[HERE]
    workspace.conversations.clear()
    workspace.direct.clear()
    row = office.put("two", trainee_id="trainee-UA1")
    while office.state(row) is MessageState.DUE:
        office.deliver()
    assert office.seen() == {"about two": 1}


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("user_disabled", Refusal.PERSON),
        ("token_revoked", Refusal.INSTALLATION),
        ("missing_scope", Refusal.INSTALLATION),
        ("is_archived", Refusal.CHANNEL),
        ("invalid_blocks", Refusal.OURS),
        ("restricted_action", Refusal.OURS),
        ("a_code_of_next_year", Refusal.OURS),
    ],
)
def test_every_code_has_a_meaning(office: Office, reason: str, refusal: Refusal) -> None:
    row = office.row(office.put("one", to_user=None, to_channel=CIRCLE_CHANNEL))
    assert kind_of(reason, row) is refusal


def test_a_message_that_cannot_be_decrypted_is_parked_and_others_are_sent(office: Office) -> None:
    bad, good = office.put("bad"), office.put("good", to_user="UA2")

    def no_key(context, tx, row, now):
        if row.about_id == "bad":
            raise DecryptionError
        return render(context, tx, row, now)

    deliver(office.context, office.slack, no_key, "worker", office.now, office.real, DeliveryRules())
    assert (office.state(bad), office.state(good)) == (MessageState.PARKED, MessageState.SENT)
    assert office.row(bad).reason == "cannot_render"
    assert MessageKind.CHECK_IN in {message.kind for message in parked(office.context)}


def test_the_log_does_not_tell_by_which_call_a_typed_message_was_answered(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Distress is answered by another call than all else."""
    for about_id, call in (("distress", "chat.postMessage"), ("ephemeral", "chat.postEphemeral")):
        office.fault("fatal_error", call)
        office.put(about_id, kind=MessageKind.TYPED_REPLY)
        office.deliver()
        assert office.calls(call) >= 1
    assert caplog.text.count("typed_reply") == 2
    assert "chat.post" not in caplog.text
    office.fault("fatal_error")
    office.put("a check-in")
    office.deliver()
    assert "chat.postMessage" in caplog.text
