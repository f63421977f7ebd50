"""Why a unit has its rank: what it lacks to full points, to the unit above, to the best."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.scoring.engine.columns import Figure
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.results.explanation import find_standing
from services.scoring.engine.results.run_result import ScoringResult, figure_document
from services.scoring.engine.scheme.plan import GroupPlan

JsonDocument = dict[str, Any]
DECIMALS = 4
MAX_REASONS = 3


@dataclass(frozen=True)
class Field:
    """A unit among those of its group that are ranked, in order."""

    own: Standing
    ranked: Sequence[Standing]

    @property
    def first(self) -> Standing | None:
        return self.ranked[0] if self.own.rank is not None and self.own.rank > 1 else None

    @property
    def above(self) -> Standing | None:
        """The last of those with a better rank."""
        better = [unit for unit in self.ranked if is_before(unit, self.own)]
        return better[-1] if better else None

    @property
    def below(self) -> Standing | None:
        """The first of those with a worse rank."""
        return next((unit for unit in self.ranked if is_before(self.own, unit)), None)

    @property
    def tied(self) -> Sequence[Standing]:
        """The others of the same rank."""
        return [u for u in self.ranked if u.rank == self.own.rank and u is not self.own]


def is_before(one: Standing, other: Standing) -> bool:
    return one.rank is not None and other.rank is not None and one.rank < other.rank


def find_field(result: ScoringResult, unit_id: str) -> Field:
    own = find_standing(result, unit_id)
    units = result.groups[result.terms[unit_id].group]
    return Field(own, [unit for unit in units if unit.rank is not None])


def standing_document(
    result: ScoringResult, unit_id: str, names: Mapping[str, str]
) -> JsonDocument:
    """The standing of a unit, `names` is unit → name; values of metrics are terms as yet."""
    field, plan = find_field(result, unit_id), result.plan_of_unit(unit_id)
    around = {
        "first": neighbour_document(field.first, field.own, plan, names),
        "above": neighbour_document(field.above, field.own, plan, names),
        "below": neighbour_document(field.below, field.own, plan, names),
    }
    metrics = [*metric_documents(result, field, plan, names)]
    document = {
        "unit_id": unit_id,
        "name": names[unit_id],
        "group": result.terms[unit_id].group,
        "ranked": len(field.ranked),
        "rank": field.own.rank,
        "total": format_decimal(field.own.total, plan.decimals),
        "tied_with": [names[unit.unit_id] for unit in field.tied],
        **around,
        "pillars": [*pillar_documents(field, plan)],
        "metrics": metrics,
        "adjustments_behind": adjustments_behind(field),
    }
    return document | {"zh": [*say_in_chinese(document)], "en": [*say(document)]}


def neighbour_document(
    unit: Standing | None, own: Standing, plan: GroupPlan, names: Mapping[str, str]
) -> JsonDocument | None:
    """A unit beside which another one is seen, and by how much their totals differ."""
    if unit is None or unit.total is None or own.total is None:
        return None
    return {
        "unit_id": unit.unit_id,
        "name": names[unit.unit_id],
        "rank": unit.rank,
        "total": format_decimal(unit.total, plan.decimals),
        "gap": format_decimal(abs(unit.total - own.total), plan.decimals),
    }


def adjustments_behind(field: Field) -> str | None:
    """By how many points of adjustments the unit is behind the one above."""
    own, above = field.own.adjusted, field.above and field.above.adjusted
    return format_decimal(above.points - own.points, DECIMALS) if own and above else None


def pillar_documents(field: Field, plan: GroupPlan) -> Iterator[JsonDocument]:
    for pillar in plan.pillars:
        columns = [(unit, unit.pillars.get(pillar.id)) for unit in field.ranked]
        yield {
            "id": pillar.id,
            "zh": pillar.zh,
            **compare(field.own.pillars.get(pillar.id), above_figure(field, columns), columns)[0],
        }


def metric_documents(
    result: ScoringResult, field: Field, plan: GroupPlan, names: Mapping[str, str]
) -> Iterator[JsonDocument]:
    own_terms = result.terms[field.own.unit_id].of_metric
    for pillar, scored in plan.scored_by_pillar():
        columns = [(unit, unit.metrics.get(scored.id)) for unit in field.ranked]
        compared, best = compare(
            field.own.metrics.get(scored.id), above_figure(field, columns), columns
        )
        yield {
            "id": scored.id,
            "zh": plan.metrics_by_id[scored.id].zh,
            "en": plan.metrics_by_id[scored.id].en,
            "pillar": pillar.id,
            **compared,
            "best_name": names[best] if best else None,
            "terms_of": {
                "own": own_terms[scored.id],
                "above": terms_of(result, field.above, scored.id),
                "best": result.terms[best].of_metric[scored.id] if best else None,
            },
        }


def terms_of(
    result: ScoringResult, unit: Standing | None, metric: str
) -> tuple[int, int | None] | None:
    return result.terms[unit.unit_id].of_metric[metric] if unit else None


Column = Sequence[tuple[Standing, Figure | None]]


def above_figure(field: Field, column: Column) -> Figure | None:
    above = field.above
    return next((figure for unit, figure in column if unit is above), None)


def compare(
    own: Figure | None, above: Figure | None, column: Column
) -> tuple[JsonDocument, str | None]:
    """A figure against its weight, the unit above and the best; and who the best is."""
    best = min(
        ((unit, figure) for unit, figure in column if figure and figure.rank is not None),
        key=lambda each: each[1].rank or 0,
        default=None,
    )
    document = {
        **figure_document(own, with_weight=True),
        "lost": own and format_decimal(own.weight - own.points, DECIMALS),
        "above_points": above and format_decimal(above.points, DECIMALS),
        "behind": format_gap(above, own),
        "best_points": best and format_decimal(best[1].points, DECIMALS),
    }
    return document, best and best[0].unit_id


def format_gap(other: Figure | None, own: Figure | None) -> str | None:
    """By how many points one is behind the other, negative where ahead; not of what applies not."""
    return format_decimal(other.points - own.points, DECIMALS) if other and own else None


# --- the same in sentences -----------------------------------------------------------------------


def most(metrics: Sequence[JsonDocument], key: str, sign: int = 1) -> list[JsonDocument]:
    """The metrics with the greatest figure of a name above zero, greatest first."""
    known = [(sign * Fraction(metric[key]), metric) for metric in metrics if metric[key]]
    ranked = sorted((each for each in known if each[0] > 0), key=lambda each: each[0], reverse=True)
    return [metric for _, metric in ranked[:MAX_REASONS]]


def two_places(figure: str) -> str:
    return format_decimal(abs(Fraction(figure)), 2) or ""


def is_level(neighbour: JsonDocument) -> bool:
    """Whether totals are equal as they are printed, so that something else parted them."""
    return Fraction(neighbour["gap"]) == 0


def say_in_chinese(standing: JsonDocument) -> Iterator[str]:
    """Yield why the unit has its rank, in Chinese sentences."""
    if standing["rank"] is None:
        yield "没有可计分的项目或指标，不参加排名。"
        return
    tied = f"，与{'、'.join(standing['tied_with'])}并列" if standing["tied_with"] else ""
    yield (
        f"{standing['group']}{standing['ranked']}个单位参加排名，列第{standing['rank']}名{tied}，"
        f"总分{standing['total']}分。"
    )

    def parts(found: Sequence[JsonDocument], key: str) -> str:
        return "、".join(f"{m['zh']}（{two_places(m[key])}分）" for m in found)

    metrics = standing["metrics"]
    if above := standing["above"]:
        whom = f"第{above['rank']}名{above['name']}"
        if is_level(above):
            yield f"与{whom}总分相同，按同分时的区分指标排在后面。"
        else:
            yield f"比{whom}（{above['total']}分）少{above['gap']}分。"
        for key, sign, word in (("behind", 1, "少得"), ("behind", -1, "多得")):
            if found := most(metrics, key, sign):
                yield f"与它相比，{word}最多的是{parts(found, key)}。"
        if gap := Fraction(standing["adjustments_behind"] or 0):
            word = "少" if gap > 0 else "多"
            yield f"加减分比它{word}{two_places(standing['adjustments_behind'])}分。"
    elif below := standing["below"]:
        whom = f"第{below['rank']}名{below['name']}"
        if is_level(below):
            yield f"与{whom}总分相同，按同分时的区分指标排在前面。"
        else:
            yield f"比{whom}（{below['total']}分）多{below['gap']}分。"
    if found := most(metrics, "lost"):
        yield f"离满分差得最多的是{parts(found, 'lost')}。"


def say(standing: JsonDocument) -> Iterator[str]:
    """Yield the same in English."""
    if standing["rank"] is None:
        yield "Nothing of it can be scored, so it is not ranked."
        return
    tied = f", level with {', '.join(standing['tied_with'])}" if standing["tied_with"] else ""
    yield (
        f"Rank {standing['rank']} of {standing['ranked']} in {standing['group']}{tied}, "
        f"with {standing['total']} points."
    )

    def parts(found: Sequence[JsonDocument], key: str) -> str:
        return ", ".join(f"{m['en']} ({two_places(m[key])})" for m in found)

    metrics = standing["metrics"]
    if above := standing["above"]:
        whom = f"{above['name']}, rank {above['rank']}"
        if is_level(above):
            yield f"Its total equals that of {whom}; it was parted from it by a metric."
        else:
            yield f"{above['gap']} points less than {whom}."
        for key, sign, word in (("behind", 1, "less"), ("behind", -1, "more")):
            if found := most(metrics, key, sign):
                yield f"Beside it, most {word} by {parts(found, key)}."
        if gap := Fraction(standing["adjustments_behind"] or 0):
            word = "less" if gap > 0 else "more"
            yield f"Adjustments: {two_places(standing['adjustments_behind'])} {word} than it."
    elif below := standing["below"]:
        whom = f"{below['name']}, rank {below['rank']}"
        if is_level(below):
            yield f"Its total equals that of {whom}; it was parted from it by a metric."
        else:
            yield f"{below['gap']} points more than {whom}."
    if found := most(metrics, "lost"):
        yield f"Furthest from full points: {parts(found, 'lost')}."
