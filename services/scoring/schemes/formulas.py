"""Whether the texts of a document compile and name what is there, with line and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml
from pydantic import BaseModel

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.honours.awards import award_mistakes
from services.scoring.engine.honours.boards import board_mistakes
from services.scoring.engine.honours.streaks import streak_mistakes
from services.scoring.engine.language.compiler import formula_mistakes
from services.scoring.engine.lights.project_lights import axis_mistakes
from services.scoring.engine.lights.unit_lights import unit_axis_mistakes
from services.scoring.engine.phrasing.scale_mistakes import out_of_scale
from services.scoring.engine.scheme import project_marks
from services.scoring.engine.scheme.honour_declarations import Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.validation import own_names
from services.scoring.schemes.error_locations import Mistake, child, items, place

Facts = Mapping[str, NamedFact]
Metrics = Mapping[str, Metric]
HONOURS_ZH = {"boards": "榜", "streaks": "连续排名", "awards": "奖项"}
OF_CATALOGUE: tuple[Facts, Metrics] = (
    {fact.id: fact for fact in NAMED_FACTS},
    {metric.id: metric for metric in METRICS},
)


def of_formulas(document: BaseModel, root: yaml.Node) -> Iterator[Mistake]:
    """Texts that the compiler refuses and names that are nowhere, each at its item."""
    match document:
        case Scheme():
            yield from of_scheme(document, root)
        case Lights():
            yield from of_lights(document, root, *OF_CATALOGUE)
        case Honours():
            yield from of_honours(document, root, *OF_CATALOGUE)


def of_scheme(scheme: Scheme, root: yaml.Node) -> Iterator[Mistake]:
    found = formula_mistakes(scheme.facts, scheme.metrics, scheme.facts_by_id)
    yield from at_items(root, ((name, n, mistake.detail) for name, n, mistake in found))
    marked = scheme.project_marks, scheme.metrics, scheme.facts_by_id
    for path, mistake in project_marks.formula_mistakes(*marked):
        yield Mistake(place(root, path)[0], "", mistake.detail)
    for path, said in out_of_scale(scheme):
        yield Mistake(place(root, path)[0], "", said)
    written = child(root, "lights")
    if isinstance(scheme.lights, Lights) and written is not None:
        yield from of_lights(scheme.lights, written, scheme.facts_by_id, scheme.metrics_by_id)
    yield from of_honours(scheme, root, scheme.facts_by_id, scheme.metrics_by_id)


def of_lights(preset: Lights, root: yaml.Node, facts: Facts, metrics: Metrics) -> Iterator[Mistake]:
    """A preset's own facts and metrics, then its axes."""
    own = [fact.id for fact in preset.facts], [metric.id for metric in preset.metrics]
    for path, said in own_names(preset.model_dump()):
        yield Mistake(place(root, path[:-1])[0], "", said)
    yield from at_items(root, entered_or_marked(preset.metrics))
    yield from at_items(root, named_by_both(*own, facts, metrics))
    yield from at_items(root, repeated("axes", "轴", [axis.id for axis in preset.axes]))
    declared = {**facts, **preset.facts_by_id}
    known = preset.metrics_by_id(metrics)
    found = formula_mistakes(preset.facts, preset.metrics, declared)
    yield from at_items(root, ((name, n, mistake.detail) for name, n, mistake in found))
    of_projects = axis_mistakes(preset.axes, declared)
    of_units = unit_axis_mistakes(preset.axes, known)
    for axes in (of_projects, of_units):
        yield from at_items(root, (("axes", n, mistake.detail) for n, mistake in axes))


def of_honours(
    given: Scheme | Honours, root: yaml.Node, facts: Facts, metrics: Metrics
) -> Iterator[Mistake]:
    """Boards, streaks and awards; those that are named rather than written were read before."""
    for name, zh in HONOURS_ZH.items():
        ids = [item.id for item in getattr(given, name)]
        yield from at_items(root, repeated(name, zh, ids) if items(child(root, name)) else ())
    found = {
        "boards": board_mistakes(given.boards, metrics),
        "streaks": streak_mistakes(given.streaks, metrics),
        "awards": award_mistakes(given.awards, facts, metrics),
    }
    for name, told in found.items():
        if items(child(root, name)):
            yield from at_items(root, ((name, n, said) for n, said in told))


def repeated(name: str, zh: str, ids: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Ids that are there before, in which list, at which place."""
    for n, given in enumerate(ids):
        if given in ids[:n]:
            yield name, n, f"{zh}“{given}”重名"


def entered_or_marked(metrics: Sequence[Metric]) -> Iterator[tuple[str, int, str]]:
    """A preset's own metrics that only a scheme can have: people enter what a scheme asks for."""
    for n, metric in enumerate(metrics):
        if metric.by_hand or metric.marks:
            yield "metrics", n, "人工录入的指标和取项目得分的指标要写在方案里"


def named_by_both(
    own_facts: Sequence[str], own_metrics: Sequence[str], facts: Facts, metrics: Metrics
) -> Iterator[tuple[str, int, str]]:
    """What a preset calls like a fact or metric of the scheme's own that brings it."""
    both = ("facts", "事实", own_facts, facts), ("metrics", "指标", own_metrics, metrics)
    for (name, zh, ids, known), usual in zip(both, OF_CATALOGUE, strict=True):
        for n, given in enumerate(ids):
            if given in known and given not in usual:
                yield name, n, f"{zh}“{given}”重名"


def at_items(root: yaml.Node, told: Iterable[tuple[str, int, str]]) -> Iterator[Mistake]:
    for name, n, said in told:
        yield Mistake(items(child(root, name))[n], "", said)
