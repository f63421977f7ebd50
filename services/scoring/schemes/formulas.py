"""Errors in the formulas and names of a document, with line and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml
from pydantic import BaseModel

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.honours.awards import find_award_errors
from services.scoring.engine.honours.boards import find_board_errors
from services.scoring.engine.honours.streaks import find_streak_errors
from services.scoring.engine.language.compiler import find_formula_errors
from services.scoring.engine.lights.project_lights import find_axis_errors
from services.scoring.engine.lights.unit_lights import find_unit_axis_errors
from services.scoring.engine.phrasing.scale_errors import find_scale_errors
from services.scoring.engine.scheme import project_marks
from services.scoring.engine.scheme.honour_declarations import Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.validation import find_name_clashes
from services.scoring.schemes.error_locations import (
    LocatedError,
    child_node,
    item_nodes,
    locate_node,
)

FactsById = Mapping[str, NamedFact]
MetricsById = Mapping[str, Metric]
HONOUR_LABELS = {"boards": "榜", "streaks": "连续排名", "awards": "奖项"}
CATALOGUE_BY_ID: tuple[FactsById, MetricsById] = (
    {fact.id: fact for fact in NAMED_FACTS},
    {metric.id: metric for metric in METRICS},
)


def document_formula_errors(document: BaseModel, root: yaml.Node) -> Iterator[LocatedError]:
    """Formulas that do not compile and unknown names, each at its item."""
    match document:
        case Scheme():
            yield from scheme_formula_errors(document, root)
        case Lights():
            yield from lights_formula_errors(document, root, *CATALOGUE_BY_ID)
        case Honours():
            yield from honours_formula_errors(document, root, *CATALOGUE_BY_ID)


def scheme_formula_errors(scheme: Scheme, root: yaml.Node) -> Iterator[LocatedError]:
    errors = find_formula_errors(scheme.facts, scheme.metrics, scheme.facts_by_id)
    yield from locate_item_errors(
        root, ((name, index, mistake.detail) for name, index, mistake in errors)
    )
    marked = scheme.project_marks, scheme.metrics, scheme.facts_by_id
    for path, mistake in project_marks.find_mark_formula_errors(*marked):
        yield LocatedError(locate_node(root, path)[0], "", mistake.detail)
    for path, message in find_scale_errors(scheme):
        yield LocatedError(locate_node(root, path)[0], "", message)
    lights_node = child_node(root, "lights")
    if isinstance(scheme.lights, Lights) and lights_node is not None:
        yield from lights_formula_errors(
            scheme.lights, lights_node, scheme.facts_by_id, scheme.metrics_by_id
        )
    yield from honours_formula_errors(scheme, root, scheme.facts_by_id, scheme.metrics_by_id)


def lights_formula_errors(
    preset: Lights, root: yaml.Node, facts: FactsById, metrics: MetricsById
) -> Iterator[LocatedError]:
    """Errors of a preset's own facts and metrics, then of its axes."""
    own = [fact.id for fact in preset.facts], [metric.id for metric in preset.metrics]
    for path, message in find_name_clashes(preset.model_dump()):
        yield LocatedError(locate_node(root, path[:-1])[0], "", message)
    yield from locate_item_errors(root, scheme_only_metrics(preset.metrics))
    yield from locate_item_errors(root, clashing_names(*own, facts, metrics))
    yield from locate_item_errors(
        root, repeated_ids("axes", "轴", [axis.id for axis in preset.axes])
    )
    declared = {**facts, **preset.facts_by_id}
    known = preset.metrics_by_id(metrics)
    errors = find_formula_errors(preset.facts, preset.metrics, declared)
    yield from locate_item_errors(
        root, ((name, index, mistake.detail) for name, index, mistake in errors)
    )
    project_axes = find_axis_errors(preset.axes, declared)
    unit_axes = find_unit_axis_errors(preset.axes, known)
    for axis_errors in (project_axes, unit_axes):
        yield from locate_item_errors(
            root, (("axes", index, mistake.detail) for index, mistake in axis_errors)
        )


def honours_formula_errors(
    document: Scheme | Honours, root: yaml.Node, facts: FactsById, metrics: MetricsById
) -> Iterator[LocatedError]:
    """Errors of boards, streaks and awards; those that are only named were checked before."""
    for name, zh in HONOUR_LABELS.items():
        ids = [item.id for item in getattr(document, name)]
        yield from locate_item_errors(
            root, repeated_ids(name, zh, ids) if item_nodes(child_node(root, name)) else ()
        )
    found = {
        "boards": find_board_errors(document.boards, metrics),
        "streaks": find_streak_errors(document.streaks, metrics),
        "awards": find_award_errors(document.awards, facts, metrics),
    }
    for name, errors in found.items():
        if item_nodes(child_node(root, name)):
            yield from locate_item_errors(
                root, ((name, index, message) for index, message in errors)
            )


def repeated_ids(name: str, zh: str, ids: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """The list, the index and a message for each id that occurred before in it."""
    for index, item_id in enumerate(ids):
        if item_id in ids[:index]:
            yield name, index, f"{zh}“{item_id}”重名"


def scheme_only_metrics(metrics: Sequence[Metric]) -> Iterator[tuple[str, int, str]]:
    """A preset's own metrics that only a scheme can have: entries by hand belong to a scheme."""
    for index, metric in enumerate(metrics):
        if metric.by_hand or metric.marks:
            yield "metrics", index, "人工录入的指标和取项目得分的指标要写在方案里"


def clashing_names(
    own_facts: Sequence[str], own_metrics: Sequence[str], facts: FactsById, metrics: MetricsById
) -> Iterator[tuple[str, int, str]]:
    """A preset's facts and metrics that have the name of one of the scheme's own."""
    both = ("facts", "事实", own_facts, facts), ("metrics", "指标", own_metrics, metrics)
    for (name, zh, ids, known), usual in zip(both, CATALOGUE_BY_ID, strict=True):
        for index, item_id in enumerate(ids):
            if item_id in known and item_id not in usual:
                yield name, index, f"{zh}“{item_id}”重名"


def locate_item_errors(
    root: yaml.Node, errors: Iterable[tuple[str, int, str]]
) -> Iterator[LocatedError]:
    """Locate errors that are given as list, index and message."""
    for name, index, message in errors:
        yield LocatedError(item_nodes(child_node(root, name))[index], "", message)
