"""Private records: trainees' plans and all that may differ after an answer."""

from sqlalchemy import Column, LargeBinary, Table

from allybot.store.tables.columns import ID, cascading_fk, metadata

private_record = Table(
    "private_record",
    metadata,
    Column("trainee_id", ID, cascading_fk("trainee.id"), primary_key=True, comment="whose"),
    Column(
        "locked",
        LargeBinary,
        nullable=False,
        comment="plans, wordings, named days, why, encrypted with the personal key and padded",
    ),
)
