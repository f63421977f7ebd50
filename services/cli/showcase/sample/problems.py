"""The problems of the sample county's projects, from raised to closed."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from services.cli.showcase.sample.courses import LAST_KNOWN_DAY, YEAR
from services.cli.showcase.sample.dates import random_days
from services.cli.showcase.sample.names import (
    ECOLOGY,
    ENERGY,
    HOUSING,
    LAND,
    REFORM,
    TRANSPORT,
)
from services.cli.showcase.sample.roster import RosterEntry
from shared.facts.projects import ProblemRaised
from shared.facts.words import Nature, ProblemCategory, ProblemLevel

PROBLEM_COUNT = 46
FIRST_RAISED_ON, LAST_RAISED_ON = date(YEAR, 2, 20), date(YEAR, 12, 10)
# Who handles a category, and what such problems are like; without a handler the project's unit.
CATEGORIES: dict[ProblemCategory, tuple[str | None, Sequence[str]]] = {
    ProblemCategory.funds: (REFORM, ("配套资金未到位", "银行贷款审批进度慢")),
    ProblemCategory.land: (LAND, ("用地指标尚未落实", "土地报批材料待补正")),
    ProblemCategory.initiation: (REFORM, ("备案信息需变更",)),
    ProblemCategory.eia: (ECOLOGY, ("环评报告需重新公示",)),
    ProblemCategory.energy: (ENERGY, ("新增用能指标不足",)),
    ProblemCategory.planning: (LAND, ("规划条件需调整", "退线要求与设计不符")),
    ProblemCategory.clearance: (None, ("红线内尚有房屋未拆除", "坟墓迁移未完成", "青苗补偿未签约")),
    ProblemCategory.utilities: (HOUSING, ("施工临时用电未接通", "给排水接口未明确")),
    ProblemCategory.dispute: (None, ("与周边村民存在通行纠纷",)),
    ProblemCategory.other: (TRANSPORT, ("施工便道受损需修复",)),
}
LEVEL_CHOICES = (
    *(ProblemLevel.department,) * 5,
    *(ProblemLevel.leader,) * 3,
    ProblemLevel.head,
)
DAYS_TO_SOLVE = {ProblemLevel.department: 10, ProblemLevel.leader: 15, ProblemLevel.head: 30}


def build_problems(random: Random, entries: Sequence[RosterEntry]) -> list[ProblemRaised]:
    """The problems in order of the day on which they were raised."""
    concerned = [entry for entry in entries if entry.cohort.nature is not Nature.reserve]
    span = (LAST_RAISED_ON - FIRST_RAISED_ON).days
    raised = sorted(FIRST_RAISED_ON + random_days(random, 0, span) for _ in range(PROBLEM_COUNT))
    return [
        build_problem(random, f"Q{n:03}", random.choice(concerned), raised_on)
        for n, raised_on in enumerate(raised, start=1)
    ]


def build_problem(
    random: Random, problem_id: str, entry: RosterEntry, raised_on: date
) -> ProblemRaised:
    """Three in four are solved, and four in five of those closed a few days later."""
    category = random.choice(list(CATEGORIES))
    handler, summaries = CATEGORIES[category]
    level = random.choice(LEVEL_CHOICES)
    resolved_on = closed_on = None
    if random.randrange(4):
        resolved_on = raised_on + random_days(random, 3, DAYS_TO_SOLVE[level] + 8)
        if random.randrange(5):
            closed_on = resolved_on + random_days(random, 2, 7)
    if resolved_on and resolved_on > LAST_KNOWN_DAY:
        resolved_on = closed_on = None
    if closed_on and closed_on > LAST_KNOWN_DAY:
        closed_on = None
    return ProblemRaised(
        problem_id=problem_id,
        project_id=entry.project_id,
        category=category,
        summary=random.choice(summaries),
        raised_on=raised_on,
        level=level,
        handler_unit_id=handler or entry.unit_id,
        due_on=raised_on + timedelta(days=DAYS_TO_SOLVE[level]),
        resolved_on=resolved_on,
        closed_on=closed_on,
        solved_on_site=random.randrange(5) < 2 if resolved_on else None,
    )
