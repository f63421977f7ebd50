"""Numbers of another scale than the metric that they are compared with: 80 for 80 %.

The value of a share is a part of 1, and so is that of points: 1 % or 0.01 is one of them.
"""

from collections.abc import Iterator
from decimal import Decimal

from services.scoring.engine.declarations import KeyPath, Metric
from services.scoring.engine.phrasing.point_rules import phrase_measured_value
from services.scoring.engine.points.rules import TARGET_FIELDS, Bands, Deviation, PointsRule
from services.scoring.engine.scheme.model import Scheme

FRACTION_MEASURES = ("share", "points")
MAX_SHARE = 10  # no rule compares with a share of 1000 %


def find_scale_errors(scheme: Scheme) -> Iterator[tuple[KeyPath, str]]:
    """The location of each such number in a scheme, and the message."""
    metrics = scheme.metrics_by_id
    for n, pillar in enumerate(scheme.pillars):
        for k, scored in enumerate(pillar.metrics):
            path: KeyPath = ("pillars", n, "metrics", k)
            metric = metrics[scored.id]
            yield from find_rule_scale_errors(scored.points, metric, (*path, "points"))
            if isinstance(scored.counts_from, Decimal):
                yield from find_number_scale_errors(
                    scored.counts_from, MAX_SHARE, metric, (*path, "counts_from")
                )
    for n, item in enumerate(scheme.adjustments.items if scheme.adjustments else ()):
        yield from find_rule_scale_errors(
            item.points, metrics[item.id], ("adjustments", "items", n, "points")
        )
    for n, gate in enumerate(scheme.gates):
        if isinstance(gate.at, Decimal):
            yield from find_number_scale_errors(
                gate.at, MAX_SHARE, metrics[gate.metric], ("gates", n, "at")
            )


def find_rule_scale_errors(
    rule: PointsRule, metric: Metric, path: KeyPath
) -> Iterator[tuple[KeyPath, str]]:
    for name in TARGET_FIELDS:
        if isinstance(number := getattr(rule, name, None), Decimal):
            yield from find_number_scale_errors(number, MAX_SHARE, metric, (*path, name))
    if isinstance(rule, Deviation) and not rule.relative:
        yield from find_number_scale_errors(rule.step, 1, metric, (*path, "step"))
    if isinstance(rule, Bands):
        for n, band in enumerate(rule.bands):
            for end in (band.range.low, band.range.high):
                if end is not None:
                    number = Decimal(end.numerator) / end.denominator
                    yield from find_number_scale_errors(
                        number, MAX_SHARE, metric, (*path, "bands", n, "range")
                    )


def find_number_scale_errors(
    number: Decimal, limit: int, metric: Metric, path: KeyPath
) -> Iterator[tuple[KeyPath, str]]:
    if metric.measure in FRACTION_MEASURES and abs(number) >= limit:
        one = "一个点" if metric.measure == "points" else "百分之一"
        is_ = phrase_measured_value(number, metric.measure)
        other = "；不是比例的打分，请写明 measure，如 marks" if metric.by_hand else ""
        message = (
            f"“{metric.zh}”的{one}写作 1% 或 0.01，写 {number.normalize():f} 就是 {is_}{other}"
        )
        yield path, message
