"""After a restore: whatever the calendar makes due again can be found in Slack, or is asked about."""

import ast
from collections.abc import Iterator
from pathlib import Path

from allybot.crypto import Keyring
from allybot.services.context import Context
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Database

SERVICES = Path(__file__).parents[3] / "allybot" / "services"
PERSON = "a person's press queues it, and a restored database does not repeat a press"
UPDATE = "it updates a message that is in Slack, and says the same twice"
NOT_DOUBTED = {
    "check_ins/answering.py": UPDATE,
    "circles/answers.py": PERSON,
    "circles/facilitators.py": UPDATE,
    "circles/going_on.py": PERSON,
    "circles/pauses.py": PERSON,
    "circles/requests.py": PERSON,
    "circles/role_stories.py": PERSON,
    "circles/text_posts.py": "whether a text was posted may have turned out otherwise since the backup",
    "circles/threads.py": "it answers a post that was sent after the restore",
    "delivery/circle_channels.py": "Slack has just refused the channel, again",
    "delivery/did_it_appear.py": "its buttons are about a row of the restored database",
    "programs/appointing.py": PERSON,
    "programs/corrections.py": PERSON,
    "programs/end_dates.py": PERSON,
    "programs/enrolment_rows.py": PERSON,
    "trainees/consent.py": UPDATE,
    "trainees/pool_consent.py": PERSON,
    "trainees/typed.py": PERSON,
}
"""Modules of `allybot.services` that queue messages under random ids without `planned_at`, and why."""


def queued_at_random() -> Iterator[tuple[str, bool]]:
    """Each function that queues under a random id: its module, and whether it gives `planned_at`."""
    for file in SERVICES.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                calls = [each for each in ast.walk(function) if isinstance(each, ast.Call)]
                puts = [each for each in calls if ast.unparse(each.func).startswith("outbox.put")]
                if any("new_id()" in ast.unparse(each.args[1]) for each in puts):
                    planned = any(each.arg == "planned_at" for call in calls for each in call.keywords)
                    yield file.relative_to(SERVICES).as_posix(), planned


def test_what_is_queued_under_a_random_id_says_when_it_was_planned_or_why_not() -> None:
    without = {module for module, planned in queued_at_random() if not planned}
    assert without == set(NOT_DOUBTED)


def test_ids_are_the_same_in_another_database_and_need_the_first_secret_key(
    context: Context, tmp_path: Path
) -> None:
    def made(keyring: Keyring) -> str:
        database = Database(f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.db")
        Context(database, context.vault, keyring, context.content)
        with database.reading() as tx:
            found = id_of(tx, "goodbye:a trainee")
        database.close()
        return found

    first, second = "the first secret key of this test", "the second secret key of this test"
    assert made(Keyring(first)) == made(Keyring(f"{first},{second}"))
    assert made(Keyring(first)) != made(Keyring(f"{second},{first}"))
