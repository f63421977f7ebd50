"""A scheme in plain words, in sections of lines: pillars, what follows points, lights, honours."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.scoring.captions.lights import caption_axes
from services.scoring.documents.composition.method import describe_computation
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.phrasing.point_rules import (
    describe_adjustment_caps,
    describe_mark_item,
    describe_scoring_conditions,
    format_plain_number,
)
from services.scoring.engine.phrasing.scheme_lines import (
    describe_award,
    describe_board,
    describe_group_limit,
    describe_metric_rule,
    describe_scheme_lines,
    describe_streak,
)
from services.scoring.engine.scheme.adjustments import Adjustment
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, ScoredMetric
from services.scoring.engine.scheme.plan import resolve_group

Section = dict[str, Any]
RANKING_TITLE, LIGHTS_TITLE, HONOURS_TITLE = "总分和名次", "红黄绿灯", "榜、连续排名、奖项"
SUBJECTS = {"project": "项目", "unit": "单位"}


def list_sections(scheme: Scheme, preset: Lights) -> list[Section]:
    """The sections of a scheme in the order in which it is read."""
    return [
        *pillar_sections(scheme),
        *adjustment_sections(scheme),
        *mark_sections(scheme),
        build_section(
            RANKING_TITLE,
            [build_line(*line.split("：", 1)) for line in describe_scheme_lines(scheme)],
        ),
        lights_section(scheme, preset),
        *honours_sections(scheme, preset),
    ]


def build_section(title: str, lines: list[dict[str, Any]], note: str = "") -> Section:
    return {"title": title, "note": note.strip() or None, "lines": lines}


def build_line(name: str, text: str, computed: str | None = None) -> dict[str, Any]:
    return {"name": name, "text": text, "computed": computed}


def pillar_sections(scheme: Scheme) -> Iterator[Section]:
    """A section for each pillar, a line for each of its metrics.

    What a metric is worth is told where it is worth the same in every group.
    """
    worth = {} if scheme.groups else resolve_group(scheme, "").nominal_weights
    for pillar in scheme.pillars:
        lines = [metric_line(scored, scheme, worth.get(scored.id)) for scored in pillar.metrics]
        title = f"{pillar.zh}（{pillar.weight}分）"
        yield build_section(title, lines, describe_group_limit(pillar.groups))


def metric_line(scored: ScoredMetric, scheme: Scheme, worth: Fraction | None) -> dict[str, Any]:
    metrics = scheme.metrics_by_id
    metric = metrics[scored.id]
    rule = describe_metric_rule(scored.points, metric)
    rule += describe_scoring_conditions(scored, metric, metrics)
    rule += describe_group_limit(scored.groups)
    if worth is not None:
        rule = f"满分 {format_plain_number(Decimal(format_decimal(worth, 4) or 0))} 分，{rule}"
    return build_line(metric.zh, rule, describe_computation(scheme, metric))


def adjustment_sections(scheme: Scheme) -> Iterator[Section]:
    if scheme.adjustments:
        lines = [adjustment_line(item, scheme) for item in scheme.adjustments.items]
        caps = describe_adjustment_caps(scheme.adjustments)
        yield build_section(scheme.adjustments.zh, lines, caps)


def adjustment_line(item: Adjustment, scheme: Scheme) -> dict[str, Any]:
    metric = scheme.metrics_by_id[item.id]
    weight = "" if item.weight is None else f"满分 {item.weight} 分，"
    rule = f"{weight}{describe_metric_rule(item.points, metric)}{describe_group_limit(item.groups)}"
    return build_line(metric.zh, rule, describe_computation(scheme, metric))


def mark_sections(scheme: Scheme) -> Iterator[Section]:
    for marks in scheme.project_marks:
        lines = [build_line(item.zh, describe_mark_item(item)) for item in marks.items]
        yield build_section(marks.zh, lines)


def lights_section(scheme: Scheme, preset: Lights) -> Section:
    """A line for each axis: to what it applies, when it is yellow, and when red."""
    lines = [
        build_line(
            f"{axis['zh']}（{zh}）",
            f"适用：{axis['applies']}\n{axis['words']['yellow']}：{axis['yellow']}"
            f"\n{axis['words']['red']}：{axis['red']}",
            axis["figure"],
        )
        for subject, zh in SUBJECTS.items()
        for axis in caption_axes(preset, scheme, subject)
    ]
    return build_section(f"{LIGHTS_TITLE}　{preset.zh}", lines, preset.notes)


def honours_sections(scheme: Scheme, preset: Lights) -> Iterator[Section]:
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    lines = [
        *(build_line(board.zh, describe_board(board, metrics)) for board in scheme.boards),
        *(build_line(streak.zh, describe_streak(streak, metrics)) for streak in scheme.streaks),
        *(build_line(award.zh, describe_award(award)) for award in scheme.awards),
    ]
    if lines:
        yield build_section(HONOURS_TITLE, lines)
