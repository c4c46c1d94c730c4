"""Who is no lead learns nothing, not even whether there is something to learn."""

from datetime import UTC, datetime

from allybot.handlers.outcomes.summary import show
from allybot.services.context import Context
from allybot.services.programs import programs
from allybot.slack.gateway import SlackGateway
from allybot.slack_app.payloads import SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.store.programs import programs as stored
from tests.support import builders

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_the_refusal_is_the_same_bytes_for_whoever_is_no_lead(context: Context) -> None:
    bot = HandlerContext(
        context, SlackGateway(lambda _: "xoxb-emulator", "http://localhost:1/"), lambda: NOW, lambda: None
    )

    def answer(workspace: str, user: str) -> str:
        return repr(show(bot, SlashCommand.model_construct(team_id=workspace, user_id=user)))

    before = answer("T1", "ULEAD")
    with context.database.transaction() as tx:
        builders.workspace(tx)
    program = programs.create(context, "T1", "Allies", "Kim", [("spring", NOW.date())], now=NOW)
    with context.database.transaction() as tx:
        stored.add_lead(tx, program.id, "ULEAD")
    after = {answer(*asker) for asker in (("T1", "U1"), ("T2", "ULEAD"), ("T9", ""), ("", "ULEAD"))}
    assert after == {before}
    assert "Allies" in answer("T1", "ULEAD")
