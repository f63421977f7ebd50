"""Suspicion: the rows of a ledger that may be in doubt, by one pass over the columns of each table.

Of a hundred thousand rows few are; no other is. Only they are judged one by one.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from shared.facts.tables import FACT_KINDS
from shared.facts.words import FundEvent
from shared.plausibility.columns import LedgerColumns
from shared.plausibility.context import is_needed
from shared.plausibility.milestones import CHAIN, STARTED
from shared.plausibility.thresholds import PlausibilityThresholds


def suspicious_rows(
    ledger: LedgerColumns, thresholds: PlausibilityThresholds, today: date
) -> dict[str, list[int]]:
    """The rows that may be in doubt, by table, in their order; no other is."""
    found: dict[str, set[int]] = {
        name: rows_to_come(ledger, name, today) for name in FACT_KINDS if ledger.length(name)
    }
    for name, rows in (
        ("progress", suspicious_reports(ledger, thresholds)),
        ("milestones", suspicious_milestones(ledger, today)),
        ("funds", suspicious_funds(ledger)),
    ):
        found.setdefault(name, set()).update(rows)
    return {name: sorted(rows) for name, rows in found.items() if rows}


def rows_to_come(ledger: LedgerColumns, name: str, today: date) -> set[int]:
    return {
        row
        for column in FACT_KINDS[name].past_days
        for row, day in enumerate(ledger.column(name, column))
        if day is not None and day > today
    }


def suspicious_reports(ledger: LedgerColumns, thresholds: PlausibilityThresholds) -> Iterator[int]:
    """Reports above what their project may have completed by their year, or not in order."""
    limits: dict[tuple[str, int], int] = {}
    factor, totals = thresholds.plan_factor, ledger.totals
    for project, year, planned, prior in ledger.rows(
        "plans", "project_id", "year", "planned_yuan", "prior_invested_yuan"
    ):
        bounds = [factor * planned] if planned else []
        bounds += [totals[project] - (prior or 0)] if project in totals else []
        if bounds:
            limits[project, year] = min(bounds)

    reported: dict[tuple[str, int], list[tuple[date, int, int]]] = {}
    rows = ledger.rows("progress", "project_id", "as_of", "invested_ytd_yuan")
    for row, (project, as_of, amount) in enumerate(rows):
        if amount is None or as_of is None:
            continue
        of_year = project, as_of.year
        limit = limits.get(of_year, totals.get(project))
        if limit is not None and amount > limit:
            yield row
        reported.setdefault(of_year, []).append((as_of, amount, row))
    for reports in reported.values():
        reports.sort()
        for (_, before, one), (_, after, other) in pairwise(reports):
            if after < before:
                yield from (one, other)


def suspicious_milestones(ledger: LedgerColumns, today: date) -> Iterator[int]:
    """Milestones of projects whose dates are not in order, or that started without a permit."""
    actual: dict[str, dict[str, date]] = {}
    for project, kind, day in ledger.rows("milestones", "project_id", "kind", "actual_on"):
        if day is not None and day <= today and kind in CHAIN:
            dates = actual.setdefault(project, {})
            dates[kind] = max(day, dates.get(kind, day))
    granted = first_grants(ledger)
    suspected = set()
    for project, dates in actual.items():
        known = [dates[kind] for kind in CHAIN if kind in dates]
        is_disordered = any(after < before for before, after in pairwise(known))
        start = dates.get(STARTED) if project in granted else None
        if is_disordered or (start and start < (granted[project] or date.max)):
            suspected.add(project)
    if suspected:
        for row, (project, kind) in enumerate(ledger.rows("milestones", "project_id", "kind")):
            if project in suspected and kind in CHAIN:
                yield row


def first_grants(ledger: LedgerColumns) -> dict[str, date | None]:
    """When the first part of the construction permit was granted, of projects that need one."""
    found: dict[str, date | None] = {}
    columns = ("project_id", "kind", "needed", "granted_on")
    for project, kind, needed, granted in ledger.rows("permits", *columns):
        if is_needed(kind, needed):
            first = found.setdefault(project, granted)
            if granted is not None and (first is None or granted < first):
                found[project] = granted
    return found


def suspicious_funds(ledger: LedgerColumns) -> Iterator[int]:
    """Approved funds of projects that have more of them than their total."""
    totals, sums = ledger.totals, dict[str, int]()
    columns = ("project_id", "event", "amount_yuan", "on")
    rows = [
        (row, project, amount)
        for row, (project, event, amount, on) in enumerate(ledger.rows("funds", *columns))
        if event == FundEvent.approved and project in totals and None not in (amount, on)
    ]
    for _, project, amount in rows:
        sums[project] = sums.get(project, 0) + amount
    yield from (row for row, project, _ in rows if sums[project] > totals[project])
