"""What the metrics beside the twenty look at: bonds, settled problems, capacity, undated things.

Added to a random ledger with chances of their own, so that the ledgers of a seed stay as they are.
"""

from datetime import date, timedelta
from random import Random

from tests.oracle.random_dates import MONTH_ENDS, any_day
from tests.oracle.tables import Ledger, Row

EDGES = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))


def with_more(ledger: Ledger, seed: int) -> Ledger:
    """Return the ledger with more rows; the one given is not changed."""
    rng = Random(f"more {seed}")
    projects = [row["project_id"] for row in ledger["projects"]]
    more = {table: list(rows) for table, rows in ledger.items()}
    more["funds"] += [_bond(rng, rng.choice(projects)) for _ in range(4 * len(projects))]
    more["problems"] = [_problem(rng, n, projects) for n in range(2 * len(projects))]
    more["milestones"] += [_capacity(rng, project) for project in rng.sample(projects, 4)]
    return more


def _some_day(rng: Random) -> date:
    if rng.random() < 0.3:
        return rng.choice((*EDGES, *MONTH_ENDS))
    return any_day(rng, date(2019, 1, 1), date(2022, 12, 31))


def _cell(rng: Random, on: date, unknown: float = 0.1) -> str:
    return "" if rng.random() < unknown else on.isoformat()


def _bond(rng: Random, project_id: str) -> Row:
    return {
        "unit_id": "",
        "project_id": project_id,
        "source": "special_bond",
        "event": rng.choice(("arrived", "paid", "paid", "approved")),
        "amount_yuan": rng.choice(("7", "1000", "1000", "64001", "")),
        "on": _cell(rng, _some_day(rng), 0.05),
    }


def _problem(rng: Random, number: int, projects: list[str]) -> Row:
    raised = _some_day(rng)
    resolved = raised + timedelta(days=rng.randrange(200))
    closed = resolved + timedelta(days=rng.choice((0, 1, 30)))
    return {
        "problem_id": f"M{number}",
        "project_id": rng.choice([*projects, ""]),
        "category": "land",
        "summary": "征地未完成",
        "raised_on": _cell(rng, raised),
        "level": "leader",
        "handler_unit_id": "",
        "due_on": "",
        "resolved_on": _cell(rng, resolved, 0.4),
        "closed_on": _cell(rng, closed, 0.5),
        "solved_on_site": rng.choice(("true", "false", "")),
    }


def _capacity(rng: Random, project_id: str) -> Row:
    return {
        "project_id": project_id,
        "kind": "at_capacity",
        "planned_on": _cell(rng, _some_day(rng), 0.5),
        "actual_on": _cell(rng, _some_day(rng), 0.5),
        "decided_on": "",
        "reason": "",
    }
