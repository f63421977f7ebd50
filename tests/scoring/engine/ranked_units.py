"""Units ranked by one figure, for tests of what follows from ranks."""

from collections.abc import Mapping
from textwrap import dedent

from services.scoring.engine.lights.unit_lights import UnitTargets
from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import parse_document, resolve_lights
from shared.facts.tables import Facts
from tests.builders import a_ledger, a_plan, a_project, a_report, a_unit
from tests.dates import day

HEAD = """\
id: mine
zh: 我的方案
source: 测试
lights: yinchuan-2025
pillars:
  - id: speed
    zh: 比速度
    weight: 100
    metrics:
      - {id: investment_completion, points: {rule: proportional, cap: 2}}
"""


def a_scheme(more: str) -> Scheme:
    """A scheme whose total is the completion of the plan in per cent, and what `more` adds."""
    return parse_document(HEAD + dedent(more).lstrip("\n"), Scheme, "mine.yaml")


def done(by_month: Mapping[str, Mapping[str, int | None]], **groups: str) -> Facts:
    """Units with a plan of 100 each; month end → unit → how much of it was done by then.

    `groups` are unit → group, `g` where it is not said.
    """
    units = list(dict.fromkeys(unit for of in by_month.values() for unit in of))
    return a_ledger(
        units=[a_unit(unit, group=groups.get(unit, "g")) for unit in units],
        projects=[a_project(f"P-{unit}", unit_id=unit) for unit in units],
        plans=[a_plan(100, f"P-{unit}") for unit in units],
        progress=[
            a_report(end, ytd, f"P-{unit}")
            for end, of in by_month.items()
            for unit, ytd in of.items()
            if ytd is not None
        ],
    )


def result_on(
    facts: Facts, scheme: Scheme, on: str, targets: UnitTargets | None = None
) -> ScoringResult:
    return score_facts(facts, scheme, resolve_lights(scheme), day(on), entered(targets or {}))


def entered(targets: UnitTargets) -> ManualEntries:
    """Targets as people enter them, unit → metric → target."""
    return ManualEntries(
        targets={
            unit: {metric: ManualEntry(value) for metric, value in given.items()}
            for unit, given in targets.items()
        }
    )
