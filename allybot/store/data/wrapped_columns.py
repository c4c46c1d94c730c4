"""What the operator's secret key wraps in the database; the vault's keys stand in `vault.upkeep`."""

from allybot.domain.suggestions import SuggestionState
from allybot.store.engine.wrapped import WrappedColumn
from allybot.store.tables import circle_text, deed, own_scenario, role_story, suggestion, workspace

TOKENS = WrappedColumn(workspace.c.token_wrapped)
_WITH_LEADS = suggestion.c.state != SuggestionState.WAITING
WORDS = {
    "texts for circles": (WrappedColumn(circle_text.c.sealed),),
    "deeds": (WrappedColumn(deed.c.sealed),),
    "suggestions": (
        WrappedColumn(suggestion.c.sealed, _WITH_LEADS),
        WrappedColumn(suggestion.c.answer_sealed, _WITH_LEADS),
    ),
    "own scenarios": (
        WrappedColumn(own_scenario.c.kept_sealed),
        WrappedColumn(own_scenario.c.draft_sealed),
    ),
    "role models' stories": (WrappedColumn(role_story.c.sealed),),
}
