"""Ids of the buttons under the figures that send them as a file, and what each carries."""

from allybot.prompts.ids import ID, Value

FIGURES_PAGE = "transfers.page"
FIGURES_CSV = "transfers.csv"
FIGURES_JSON = "transfers.json"


class FiguresValue(Value):
    """About one program's figures."""

    program: str = ID
