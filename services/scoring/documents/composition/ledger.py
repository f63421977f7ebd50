"""What the ledger says of projects beside a run's document: names, units, who reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class LedgerProjects:
    """Project → name and → responsible unit; the projects that reported in the month of a day."""

    projects: Mapping[str, str]
    unit_of: Mapping[str, str]
    reported_in_month: frozenset[str]


def build_ledger_projects(projects: pa.Table, progress: pa.Table, day: date) -> LedgerProjects:
    """From two tables of the ledger. A note without an amount is no report."""
    ids = projects["project_id"].to_pylist()
    units = projects["unit_id"].to_pylist()
    reported = pc.and_(
        pc.and_(
            pc.greater_equal(progress["as_of"], pa.scalar(day.replace(day=1))),
            pc.less_equal(progress["as_of"], pa.scalar(day)),
        ),
        pc.is_valid(progress["invested_ytd_yuan"]),
    )
    return LedgerProjects(
        dict(zip(ids, projects["name"].to_pylist(), strict=True)),
        dict(zip(ids, units, strict=True)),
        frozenset(progress.filter(reported)["project_id"].to_pylist()),
    )
