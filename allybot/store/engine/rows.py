"""Rows as values of the domain."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")


def value_of(kind: type[Value], row: Row[Any], /, **converted: Any) -> Value:
    """A dataclass from the columns that have its fields' names; fields in `converted` have that value."""
    names = (field.name for field in fields(kind) if field.name not in converted)
    return kind(**{name: getattr(row, name) for name in names}, **converted)
