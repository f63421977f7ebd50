"""A rule book with all that a scheme may have beside points, over the golden county."""

from fractions import Fraction
from functools import cache

from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.scheme_files import parse_document
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.cli.runner import COUNTY
from tests.scoring.documents.bulletins import bulletin_input

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
ENTERED = ManualEntries(
    targets={"U01": {"start_rate": ManualEntry(Fraction(4, 5), who="张三")}},
    marks={"U02": {"visits": ManualEntry(Fraction(4), "四次现场办公", "李四")}},
)


@cache
def golden() -> Facts:
    return read_ledger(COUNTY, region_codes()).accepted()


@cache
def own() -> BulletinInput:
    scheme = parse_document(OWN, Scheme, "own.yaml")
    return bulletin_input(golden(), scheme, entered=ENTERED)
