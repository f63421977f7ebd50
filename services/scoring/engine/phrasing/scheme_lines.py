"""Lines of a scheme in plain words: points rules, what follows them, boards, streaks, awards."""

from collections.abc import Iterator, Mapping

from services.scoring.engine.declarations import Metric, describe_unavailable
from services.scoring.engine.phrasing.point_rules import (
    describe_gate,
    describe_grade,
    describe_periods,
    describe_rule,
    describe_total_bounds,
)
from services.scoring.engine.points.rules import PointsRule
from services.scoring.engine.scheme.honour_declarations import (
    BY_TOTAL,
    OWN_TARGET,
    Award,
    Board,
    Streak,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import narrow_scheme

MetricsById = Mapping[str, Metric]


def describe_metric_rule(rule: PointsRule, metric: Metric) -> str:
    """A points rule of a metric."""
    lower = metric.direction == "lower"
    return describe_rule(rule, lower_is_better=lower, measure=metric.measure)


def describe_group_limit(groups: tuple[str, ...]) -> str:
    """A line of its own for what is of some groups only."""
    return f"\n（只用于 {'、'.join(groups)}）" if groups else ""


def describe_scheme_lines(scheme: Scheme) -> Iterator[str]:
    """Ranking, grades, gates and periods, a line each; defaults are left out."""
    metrics = scheme.metrics_by_id
    groups = scheme.groups or ("",)
    full = {g: sum(p.weight for p in narrow_scheme(scheme, g).pillars) for g in groups}
    yield f"满分：{'，'.join(f'{group} {weight} 分'.strip() for group, weight in full.items())}"
    if bounds := describe_total_bounds(scheme):
        yield f"总分：{bounds}"
    if scheme.ranking == "competition":
        yield "名次：并列占位（7、7、9）"
    if scheme.tie_break:
        yield f"总分相同：依次比较 {'、'.join(metrics[name].zh for name in scheme.tie_break)}"
    if scheme.grades:
        yield f"等次：{'；'.join(map(describe_grade, scheme.grades))}"
    for gate in scheme.gates:
        words = describe_gate(gate, metrics[gate.metric], scheme.grades)
        yield f"{gate.zh}：{words}{describe_group_limit(gate.groups)}"
    if scheme.periods:
        yield f"季度、年度：{describe_periods(scheme.periods)}"


def describe_board(board: Board, metrics: MetricsById) -> str:
    """The metric and target of a board, then its places by group."""
    target = "各单位自己的目标" if board.target == OWN_TARGET else str(board.target)
    reached = "超过" if board.exceed else "达到"
    by = "总分" if board.by == BY_TOTAL else name_metric(board.by, metrics)
    ranks = [
        f"{'、'.join(p.groups) or '其他各组'}：红榜前 {p.red} 名，黑榜后 {p.black} 名"
        for p in board.places
    ]
    rule = f"按{by}排位；{name_metric(board.metric, metrics)} {reached}{target}上红榜，未达到上黑榜"
    return "\n".join([rule, *ranks])


def describe_streak(streak: Streak, metrics: MetricsById) -> str:
    """The rungs of a streak, a line each."""
    by = "" if streak.by == BY_TOTAL else f"按{name_metric(streak.by, metrics)} "
    which = f"前 {streak.first}" if streak.last is None else f"后 {streak.last}"
    rungs = (f"{by}连续 {rung.months} 个月{which} 名：{rung.zh}" for rung in streak.rungs)
    return "\n".join(rungs) + describe_group_limit(streak.groups)


def name_metric(metric_id: str, metrics: MetricsById) -> str:
    """The name of a metric; its id where nobody declares it."""
    return metrics[metric_id].zh if metric_id in metrics else metric_id


def describe_award(award: Award) -> str:
    """Who may win, what is required, and how many win; or what an award still needs."""
    if award.needs:
        return f"{describe_unavailable(award.needs)}，暂不评"
    first = [f"前 {award.first} 名"] if award.first is not None else []
    requires = [f"{required.zh}：{required.text}" for required in award.requires]
    return "\n".join([f"候选：{award.candidates or '各单位'}", *requires, *first])
