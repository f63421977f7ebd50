"""Numbers that are of another scale than the metric that they are compared with: 80 for 80 %.

The value of a share is a part of 1, and so is that of points: 1 % or 0.01 is one of them.
"""

from collections.abc import Iterator
from decimal import Decimal

from services.scoring.engine.declarations import Metric
from services.scoring.engine.phrasing.point_rules import valued
from services.scoring.engine.points.rules import Bands, Deviation, Rule
from services.scoring.engine.scheme.model import Scheme

PARTS_OF_ONE = ("share", "points")
MOST = 10  # a share of 1000 % is compared with by nobody
Path = tuple[str | int, ...]


def out_of_scale(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Where such a number stands in a scheme, and what is wrong with it."""
    metrics = scheme.metrics_by_id
    for n, pillar in enumerate(scheme.pillars):
        for k, scored in enumerate(pillar.metrics):
            path: Path = ("pillars", n, "metrics", k)
            metric = metrics[scored.id]
            yield from of_rule(scored.points, metric, (*path, "points"))
            if isinstance(scored.counts_from, Decimal):
                yield from of_number(scored.counts_from, MOST, metric, (*path, "counts_from"))
    for n, item in enumerate(scheme.adjustments.items if scheme.adjustments else ()):
        yield from of_rule(item.points, metrics[item.id], ("adjustments", "items", n, "points"))
    for n, gate in enumerate(scheme.gates):
        if isinstance(gate.at, Decimal):
            yield from of_number(gate.at, MOST, metrics[gate.metric], ("gates", n, "at"))


def of_rule(rule: Rule, metric: Metric, path: Path) -> Iterator[tuple[Path, str]]:
    for name in ("full_at", "at", "target"):
        if isinstance(number := getattr(rule, name, None), Decimal):
            yield from of_number(number, MOST, metric, (*path, name))
    if isinstance(rule, Deviation) and not rule.relative:
        yield from of_number(rule.step, 1, metric, (*path, "step"))
    if isinstance(rule, Bands):
        for n, band in enumerate(rule.bands):
            for end in (band.range.low, band.range.high):
                if end is not None:
                    number = Decimal(end.numerator) / end.denominator
                    yield from of_number(number, MOST, metric, (*path, "bands", n, "range"))


def of_number(number: Decimal, most: int, metric: Metric, path: Path) -> Iterator[tuple[Path, str]]:
    if metric.measure in PARTS_OF_ONE and abs(number) >= most:
        one = "一个点" if metric.measure == "points" else "百分之一"
        is_ = valued(number, metric.measure)
        other = "；不是比例的打分，请写明 measure，如 marks" if metric.by_hand else ""
        told = f"“{metric.zh}”的{one}写作 1% 或 0.01，写 {number.normalize():f} 就是 {is_}{other}"
        yield path, told
