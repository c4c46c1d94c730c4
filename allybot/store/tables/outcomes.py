"""Windows, sealed answers and published releases."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
)

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata, where

window = Table(
    "window",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column(
        "program_id",
        ID,
        cascading_fk("program.id"),
        nullable=False,
        comment="the program whose outcomes are published",
    ),
    Column("name", WORD, nullable=False, comment="weeks: 1-6 | 7-13, or 1-13"),
    Column("closes_at", UtcDateTime, comment="due: 14 days after its end for the last cohort"),
    Column("public_key", LargeBinary, comment="seals its ballots; NULL until a custodian provides it"),
    Column("state", WORD, nullable=False, comment="open | closed | waiting | published | void"),
    Column("invited", Integer, comment="trainees asked, fixed when it closes"),
    Column("published_on", Date, comment="when it was published, declared void, or began to wait"),
    Column("waits_until", UtcDateTime, comment="due: its pool had to count it by then; NULL: never waited"),
    Column("counted_with", ID, comment="id of the window whose release counts it too; NULL: its own"),
    Column("key_destroyed_on", Date, comment="when the private key was destroyed"),
    Column("telling", WORD, comment="who is being told of it: people | circles; NULL: nobody"),
    Column("told_up_to", ID, comment="id of the last of them who was queued a message, or empty"),
    UniqueConstraint("program_id", "name"),
    Index(None, "state", "key_destroyed_on", "closes_at"),
    Index(None, "telling", **where("telling IS NOT NULL")),
)

ballot = Table(
    "ballot",
    metadata,
    Column("window_id", ID, cascading_fk("window.id"), primary_key=True, comment="its window"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), primary_key=True, comment="who voted or answered"),
    Column("slot", SmallInteger, primary_key=True, comment="step of the ladder; answering again overwrites"),
    Column("sealed", LargeBinary, nullable=False, comment="80 bytes only the window's key opens"),
    CheckConstraint("length(sealed) = 80", name="sealed_length"),
    Index(None, "trainee_id"),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of insertion
)

pooled_ballot = Table(
    "pooled_ballot",
    metadata,
    Column("window_id", ID, cascading_fk("window.id"), primary_key=True, comment="the window that waits"),
    Column("owner_id", ID, primary_key=True, comment="random; only the vault knows whose, by a keyed digest"),
    Column("slot", SmallInteger, primary_key=True, comment="step of the ladder"),
    Column("sealed", LargeBinary, nullable=False, comment="80 bytes only the window's key opens"),
    CheckConstraint("length(sealed) = 80", name="sealed_length"),
    Index(None, "owner_id"),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of insertion
)

release = Table(
    "release",
    metadata,
    Column("window_id", ID, ForeignKey("window.id"), primary_key=True, comment="published once"),
    Column("cell", WORD, primary_key=True, comment="outcome code, or had_a_moment"),
    Column("noisy", Integer, nullable=False, comment="count after noise, clamped to 0..respondents"),
    Column("scale_milli", Integer, nullable=False, comment="scale of the noise, thousandths"),
    Column("tier", WORD, nullable=False, comment="S | M | moments"),
    Column("respondents", Integer, nullable=False, comment="distinct trainees who answered"),
    Column("invited", Integer, nullable=False, comment="trainees asked"),
    Column("published_on", Date, nullable=False, comment="program's zone"),
)
