"""The personal why: encrypted, and deleted by emptying the field."""

import pytest
from sqlalchemy import select

from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.domain.why import Stage
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.prompts.trainees.why import reflection_answer, reflection_form
from allybot.services.context import Context
from allybot.services.trainees import why
from allybot.store import tables, trainees
from tests.support.trainee_timeline import Timeline

MINE = "Because my daughter\n\n  starts work   next year."


@pytest.fixture
def who(context: Context) -> Actor:
    """A trainee who has consented."""
    return Timeline(context).actor


def test_a_why_is_stored_tidied_and_encrypted(context: Context, who: Actor) -> None:
    assert why.write(context, who, MINE) == "Because my daughter\nstarts work next year."
    assert why.read(context, who).why == "Because my daughter\nstarts work next year."
    with context.database.reading() as tx:
        stored = tx.execute(select(tables.private_record.c.locked)).scalar_one()
    assert b"daughter" not in bytes(stored)


@pytest.mark.parametrize("nothing", ["", "  \n ", None])
def test_an_empty_field_deletes_it(context: Context, who: Actor, nothing: str | None) -> None:
    why.write(context, who, MINE)
    assert why.write(context, who, nothing) is None
    assert why.read(context, who).why is None


def test_a_text_that_is_too_long_is_refused_and_the_earlier_why_stays(context: Context, who: Actor) -> None:
    why.write(context, who, MINE)
    with pytest.raises(FieldError, match="why: too_long"):
        why.write(context, who, "x" * 501)
    assert why.read(context, who).why


def test_a_why_needs_consent(context: Context, who: Actor) -> None:
    with pytest.raises(NotFoundError):
        why.read(context, Actor("T1", "U-stranger"))
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, who)
        assert trainee
        trainees.change_trainee(tx, trainee.id, state=TraineeState.INVITED, consented_at=None)
    with pytest.raises(WrongStateError):
        why.write(context, who, MINE)


def test_every_stage_of_the_reflection_has_examples_and_no_judgement() -> None:
    say = Say()
    pages = {stage: str(reflection_answer(say, stage).body) for stage in Stage}
    assert len(set(pages.values())) == len(Stage)
    options = reflection_form(say, "Kim").body["blocks"][1]["element"]["options"]
    assert [option["value"] for option in options] == [stage.value for stage in Stage]
    for page in pages.values():
        assert page.count("• ") == 3
        assert not any(word in page.casefold() for word in ("apathy", "you should", "wrong with"))
