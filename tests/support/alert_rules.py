"""Evaluates the alert rules of deploy/alerts.yaml as Prometheus would, on what was read from `/metrics`.

Prometheus' own grammar reads them (promql-parser). Of its functions the rules use `absent` and `increase`,
of its aggregations `max` and `sum`. An increase is the last value in the window less the first one: what
Prometheus extrapolates does not decide whether that is more than nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser as promql
import yaml
from prometheus_client.parser import text_string_to_metric_families

RULES = Path(__file__).parent.parent.parent / "deploy" / "alerts.yaml"
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]


@dataclass(frozen=True)
class Scrape:
    """What one process said at one moment: values by name and labels; nothing where it did not answer."""

    values: Mapping[tuple[str, Labels], float]


def scrape(text: str, process: str) -> Scrape:
    """Understand an answer of `/metrics`, with the label that Prometheus adds."""
    return Scrape(
        {
            (sample.name, frozenset({**sample.labels, "instance": process}.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
    )


def rules() -> list[dict[str, Any]]:
    """Every rule of the file."""
    found = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def firing(history: list[list[Scrape]]) -> set[str]:
    """Which rules fire after these scrapes of all processes, the newest last, all within the window."""
    return {rule["alert"] for rule in rules() if _vector(promql.parse(rule["expr"]), history)}


def _vector(expression: Any, history: list[list[Scrape]]) -> Vector:
    match expression:
        case promql.VectorSelector():
            return _selected(expression, history[-1]) if history else {}
        case promql.Call() if expression.func.name == "absent":
            return {} if _vector(expression.args[0], history) else {frozenset(): 1.0}
        case promql.Call() if expression.func.name == "increase":
            return _increase(expression.args[0].vector_selector, history)
        case promql.AggregateExpr():
            values = list(_vector(expression.expr, history).values())
            if not values:
                return {}
            return {frozenset(): (max if str(expression.op) == "max" else sum)(values)}
        case promql.BinaryExpr():
            return _both(expression, history)
    raise NotImplementedError(expression)


def _selected(selector: Any, scrapes: list[Scrape]) -> Vector:
    wanted = {(matcher.name, matcher.value) for matcher in selector.matchers.matchers}
    return {
        labels: value
        for each in scrapes
        for (name, labels), value in each.values.items()
        if name == selector.name and wanted <= labels
    }


def _increase(selector: Any, history: list[list[Scrape]]) -> Vector:
    series: dict[Labels, list[float]] = {}
    for scrapes in history:
        for labels, value in _selected(selector, scrapes).items():
            series.setdefault(labels, []).append(value)
    return {labels: values[-1] - values[0] for labels, values in series.items() if len(values) > 1}


def _both(expression: Any, history: list[list[Scrape]]) -> Vector:
    left = _vector(expression.lhs, history)
    if isinstance(expression.rhs, promql.NumberLiteral):
        number = expression.rhs.val
        holds = {">": lambda value: value > number, "==": lambda value: value == number}[str(expression.op)]
        return {labels: value for labels, value in left.items() if holds(value)}
    right = _vector(expression.rhs, history)
    if str(expression.op) == "!=":  # of what is not a number each differs from itself
        return {labels: value for labels, value in left.items() if labels in right and value != right[labels]}
    assert str(expression.op) == "-"
    return {labels: value - right[labels] for labels, value in left.items() if labels in right}
