"""A rule book with all that a scheme may have beside points, over the golden county."""

from fractions import Fraction
from functools import cache

from services.scoring.documents.composition.sources import Matter
from services.scoring.engine.points.manual_entries import Entered, Given
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.scheme_files import parse
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.reference import regions
from tests.cli.runner import COUNTY
from tests.scoring.documents.bulletins import matter_of

OWN = """
id: our-own
zh: 自定办法
source: 测试
decimals: 1
lights: sanya-2022
groups: [departments, townships, zones]
pillars:
  - id: speed
    zh: 比速度
    weight: 60
    metrics:
      - {id: start_rate, points: {rule: proportional, full_at: target}, not_applicable: zero}
      - {id: clearance_rate, points: {rule: proportional}}
  - {id: rest, zh: 其他, weight: 40, groups: [departments, townships],
     metrics: [{id: investment_completion, points: {rule: proportional}}]}
adjustments:
  zh: 加减分
  items:
    - {id: visits, points: {rule: per_item, points: 2}}
    - {id: major_projects, groups: [townships], points: {rule: per_item, points: 1}}
tie_break: [investment_completion]
grades:
  - {id: good, zh: 良好, from_total: 30}
  - {id: poor, zh: 不合格}
gates:
  - {id: pace, zh: 进度关, metric: investment_completion, at: 0.5, best_grade: poor}
boards: mianyang-2022
streaks:
  - {id: behind, zh: 连续末位, last: 1,
     rungs: [{id: explain, months: 2, zh: 连续两个月末位，作说明}]}
awards: huidong-2022
metrics:
  - {id: visits, zh: 现场办公, en: Visits, by_hand: true, measure: count, source: 测试}
"""
ENTERED = Entered(
    targets={"U01": {"start_rate": Given(Fraction(4, 5), who="张三")}},
    marks={"U02": {"visits": Given(Fraction(4), "四次现场办公", "李四")}},
)


@cache
def golden() -> Facts:
    return read_ledger(COUNTY, regions()).accepted()


@cache
def own() -> Matter:
    scheme = parse(OWN, Scheme, "own.yaml")
    return matter_of(golden(), scheme, entered=ENTERED)
