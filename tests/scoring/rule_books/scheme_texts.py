"""Rule books as offices write them, with metrics of their own, and units that bring values."""

from fractions import Fraction
from textwrap import dedent

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries, ManualEntry
from services.scoring.engine.ranking.ranking import Standing, rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.scheme_files import parse_document

HEAD = """\
id: by-hand
zh: 手算
source: 测试
lights: yinchuan-2025
"""
ONE_PILLAR = """\
pillars:
  - {id: p, zh: 板块, weight: 100, metrics: [{id: a, points: {rule: proportional}}]}
"""
METRICS = """\
metrics:
  - {id: a, zh: 甲, en: A, numerator: count(), denominator: count(), source: 测试}
  - {id: b, zh: 乙, en: B, numerator: count(), denominator: count(), source: 测试}
  - {id: c, zh: 丙, en: C, numerator: count(), measure: count, source: 测试}
  - {id: days, zh: 天数, en: Days, numerator: count(), denominator: count(), direction: lower,
     measure: days, source: 测试}
  - {id: accidents, zh: 事故, en: Accidents, by_hand: true, direction: lower, measure: count,
     source: 测试}
"""
NA = (0, 0)
OTHERS = {"a": NA, "b": NA, "c": (0, None), "days": NA, "accidents": NA}


def a_book(*texts: str, pillars: str = ONE_PILLAR, metrics: str = METRICS) -> Scheme:
    """A scheme of these texts, beside one pillar of one metric unless others are given."""
    written = [dedent(text).strip("\n") + "\n" for text in (pillars, *texts)]
    return parse_document("".join([HEAD, *written, metrics]), Scheme, "book.yaml")


def a_unit(
    unit_id: str, group: str = "townships", live: int = 1, /, **terms: tuple[int, int | None]
) -> UnitTerms:
    """A unit with terms of some metrics; the others are not applicable, and c is 0."""
    return UnitTerms(unit_id, group, live, {**OTHERS, **terms})


def standing(
    scheme: Scheme, *units: UnitTerms, entered: ManualEntries = NO_ENTRIES
) -> dict[str, Standing]:
    """Unit → its standing, in the order of groups and ranks."""
    groups = rank_units(units, scheme, entered)
    return {unit.unit_id: unit for group in groups.values() for unit in group}


def targets(**of_units: dict[str, str]) -> ManualEntries:
    """Unit → metric → target."""
    return ManualEntries(
        targets={
            unit: {metric: ManualEntry(Fraction(value)) for metric, value in given.items()}
            for unit, given in of_units.items()
        }
    )
