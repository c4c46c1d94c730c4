"""Which scenarios circles have had, and what a program's leads put first or left out."""

from sqlalchemy import delete, func, insert, select

from allybot.domain.scenario_order import ScenarioChoice, ScenarioChoices
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle, circle_week, program_scenario


def had(tx: Transaction, circle_id: str) -> list[str]:
    """Ids of the scenarios that were posted in a circle, oldest first."""
    query = (
        select(circle_week.c.scenario_id)
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(circle.c.id == circle_id, circle_week.c.number <= circle.c.weeks_posted)
    )
    return list(tx.execute(query.order_by(circle_week.c.monday)).scalars())


def choices(tx: Transaction, program_id: str) -> ScenarioChoices:
    """What a program's leads chose."""
    rows = tx.execute(
        select(program_scenario)
        .where(program_scenario.c.program_id == program_id)
        .order_by(program_scenario.c.place, program_scenario.c.scenario_id)
    ).all()
    return ScenarioChoices(
        next_ones=tuple(row.scenario_id for row in rows if row.place is not None),
        left_out=frozenset(row.scenario_id for row in rows if row.place is None),
    )


def choose(tx: Transaction, program_id: str, scenario_id: str, choice: ScenarioChoice) -> None:
    """Store a choice; the latest to come first comes before those that were put first earlier."""
    own = program_scenario.c.program_id == program_id
    tx.execute(delete(program_scenario).where(own, program_scenario.c.scenario_id == scenario_id))
    if choice is ScenarioChoice.AT_ITS_TURN:
        return
    place: int | None = None
    if choice is ScenarioChoice.FIRST:
        least = tx.execute(select(func.min(program_scenario.c.place)).where(own)).scalar()
        place = 0 if least is None else least - 1
    tx.execute(insert(program_scenario).values(program_id=program_id, scenario_id=scenario_id, place=place))
