"""Projects of the ledger that a run's document does not name: names, units, reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class LedgerProjects:
    """Names and responsible units by project, and the projects with a report in a month."""

    project_names: Mapping[str, str]
    project_units: Mapping[str, str]
    reported_in_month: frozenset[str]


def build_ledger_projects(projects: pa.Table, progress: pa.Table, as_of: date) -> LedgerProjects:
    """Read two tables, reports from the month of `as_of`; a note without an amount is none."""
    ids = projects["project_id"].to_pylist()
    units = projects["unit_id"].to_pylist()
    reported = pc.and_(
        pc.and_(
            pc.greater_equal(progress["as_of"], pa.scalar(as_of.replace(day=1))),
            pc.less_equal(progress["as_of"], pa.scalar(as_of)),
        ),
        pc.is_valid(progress["invested_ytd_yuan"]),
    )
    return LedgerProjects(
        dict(zip(ids, projects["name"].to_pylist(), strict=True)),
        dict(zip(ids, units, strict=True)),
        frozenset(progress.filter(reported)["project_id"].to_pylist()),
    )
