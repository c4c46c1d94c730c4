"""A file is a message like any other: one comes, whatever fails or dies, and words where Slack takes none."""

import signal
from collections import Counter
from dataclasses import replace

import pytest

from allybot.message import file_name
from allybot.store.delivery.outbox import MessageState
from tests.workers.delivery_harness import HERE, Office, wait_until
from tests.workers.test_workers import worker_process

URL, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
WORDS = b"My plan and my note.\n"


def came_once(office: Office, row: str) -> bool:
    return office.files() == [WORDS] and office.seen() == Counter([f"about {file_name(row)}"])


def test_the_words_come_as_a_file_and_not_beside_it(office: Office) -> None:
    row = office.put("file")
    office.deliver()
    assert office.state(row) is MessageState.SENT
    assert came_once(office, row)
    assert office.calls("chat.postMessage") == 0


@pytest.mark.parametrize("method", [URL, COMPLETE])
@pytest.mark.parametrize(
    ("mode", "accepted"),
    [
        ("server_error", 0.0),
        ("server_error", 1.0),
        ("fatal_error", 1.0),
        ("drop_before", 0.0),
        ("drop_after_accept", 1.0),
    ],
)
def test_a_file_of_which_nobody_knows_what_became_is_looked_for_before_it_is_sent_again(
    office: Office, method: str, mode: str, accepted: float
) -> None:
    row = office.put("file")
    office.fault(mode, method=method, accepted=accepted)
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert came_once(office, row)
    assert office.calls("conversations.history") >= 1
    assert office.calls("chat.postMessage") == 0


def test_a_worker_killed_between_sharing_a_file_and_noting_it_leaves_one(
    office: Office, database_url: str, vault_url: str
) -> None:
    row = office.put("file")
    with worker_process(office, database_url, vault_url, lease=1, deadly=True) as dying:
        assert dying.wait(30) == -signal.SIGKILL
    assert came_once(office, row)
    with worker_process(office, database_url, vault_url, lease=1):
        wait_until(lambda: office.state(row) is MessageState.SENT, seconds=60)
    assert came_once(office, row)


def test_where_slack_takes_no_file_the_words_come_in_the_message_itself(office: Office) -> None:
    scopes = frozenset({"chat:write", "im:history", "im:write", "users:read"})
    slack = office.emulator.slack
    slack.manifest = replace(slack.manifest, scopes=scopes)
    row = office.put("file")
    office.deliver()
    assert office.state(row) is MessageState.SENT
    assert office.files() == []
    assert office.seen() == {"about no file": 1}
    assert office.emulator.slack.workspaces[HERE].files == {}
