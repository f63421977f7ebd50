"""The metrics beside the twenty: a numerator and a denominator for every unit, in plain loops."""

from datetime import date, timedelta

from tests.oracle import facts
from tests.oracle.facts import Dossier
from tests.oracle.metrics import Terms
from tests.oracle.tables import Ledger, Row, rows, text, to_bool, to_date, to_int

BOND = "special_bond"


def more_terms(ledger: Ledger, unit_id: str, live: list[Dossier], day: date) -> dict[str, Terms]:
    """Return the metrics of a unit that are not among the twenty."""
    own = [dossier for dossier in live if dossier.unit_id == unit_id]
    return {
        **_time(own, day),
        **_conversions(own, day),
        **_bonds(ledger, own, day),
        **_problems(ledger, own, day),
        "permit_days_saved": _days_saved(own, day),
        "fund_paid_rate": _funds_paid(ledger, unit_id, live, day),
        "days_stopped": (sum(_stopped(d, day) for d in own), None),
        "clearance_rate": (0, 0),
        "duty_compliance": (0, 0),
        **_portfolio(own, day),
    }


def _time(own: list[Dossier], day: date) -> dict[str, Terms]:
    """Return time progress and lead, in parts of 12 times the days of the month."""
    parts = 12 * facts.days_in_month(day)
    plans, due, done = 0, 0, 0
    for dossier in own:
        plan = facts.plan(dossier, day)
        if dossier.counts_in_n and plan is not None:
            share = facts.time_progress(dossier, day) if plan else 0
            plans += plan * parts
            due += int(share * plan * parts)
            done += facts.ytd(dossier, day) * parts
    end = facts.last_month_end(day)
    task = (0, 0) if end.year != day.year else _month_task(own, end)
    return {"time_progress": (due, plans), "lead": (done - due, plans), "month_task_rate": task}


def _month_task(own: list[Dossier], end: date) -> Terms:
    """Return what was done and what was planned in the month of a month end, in twelfths."""
    before = end.replace(day=1) - timedelta(days=1)
    done, task = 0, 0
    for dossier in own:
        plan = facts.plan(dossier, end)
        if not dossier.counts_in_n or plan is None:
            continue
        done_before, due_before = 0, facts.time_progress(dossier, end) * 0
        if before.year == end.year:
            done_before = facts.ytd(dossier, before)
            due_before = facts.time_progress(dossier, before)
        done += 12 * (facts.ytd(dossier, end) - done_before)
        task += int(12 * plan * (facts.time_progress(dossier, end) - due_before))
    return done, task


def _conversions(own: list[Dossier], day: date) -> dict[str, Terms]:
    def reached(kind: str) -> list[Dossier]:
        return [d for d in own if facts.actual(d, kind, day) is not None]

    def of(first: str, then: str) -> Terms:
        return sum(facts.actual(d, then, day) is not None for d in reached(first)), len(
            reached(first)
        )

    expected, at_capacity = 0, 0
    for dossier in own:
        actual = facts.actual(dossier, "at_capacity", day)
        planned = facts.planned(dossier, "at_capacity", day)
        if actual is not None:
            expected += actual.year == day.year
            at_capacity += actual.year == day.year
        else:
            expected += planned is not None and planned.year <= day.year
    signed = [d for d in own if facts.actual_in_year(d, "signed", day)]
    performed = [
        d for d in signed if facts.actual(d, "landed", day) or facts.actual(d, "started", day)
    ]
    return {
        "capacity_rate": (at_capacity, expected),
        "conversion_signed_started": of("signed", "started"),
        "conversion_started_production": of("started", "in_production"),
        "conversion_production_capacity": of("in_production", "at_capacity"),
        "contract_performance_rate": (len(performed), len(signed)),
    }


def _bonds(ledger: Ledger, own: list[Dossier], day: date) -> dict[str, Terms]:
    """Return the payout by year of arrival: each payment goes to the oldest money left."""
    paid: dict[int, int] = {}
    arrived: dict[int, int] = {}
    for dossier in own:
        purses: dict[int, int] = {}
        payments = 0
        for row in rows(ledger, "funds"):
            on, amount = to_date(row, "on"), to_int(row, "amount_yuan") or 0
            of_project = text(row, "project_id") == dossier.project_id
            if not of_project or text(row, "source") != BOND or on is None or on > day:
                continue
            if text(row, "event") == "arrived":
                purses[on.year] = purses.get(on.year, 0) + amount
            payments += amount if text(row, "event") == "paid" else 0
        for year in sorted(purses):
            spent = min(payments, purses[year])
            payments -= spent
            paid[year] = paid.get(year, 0) + spent
            arrived[year] = arrived.get(year, 0) + purses[year]
    names = {"this_year": day.year, "last_year": day.year - 1, "year_before": day.year - 2}
    by_year: dict[str, Terms] = {
        f"bond_payout_rate_{name}": (paid.get(year, 0), arrived.get(year, 0))
        for name, year in names.items()
    }
    return {"bond_payout_rate": (sum(paid.values()), sum(arrived.values())), **by_year}


def _problems(ledger: Ledger, own: list[Dossier], day: date) -> dict[str, Terms]:
    ids = {dossier.project_id for dossier in own}
    raised, closed, on_site = 0, 0, 0
    for row in rows(ledger, "problems"):
        if text(row, "project_id") not in ids or not _by(row, "raised_on", day):
            continue
        raised += 1
        closed += _by(row, "closed_on", day)
        settled = _by(row, "closed_on", day) or _by(row, "resolved_on", day)
        on_site += settled and to_bool(row, "solved_on_site")
    return {"problem_closing_rate": (closed, raised), "solved_on_site_rate": (on_site, raised)}


def _by(row: Row, column: str, day: date) -> bool:
    on = to_date(row, column)
    return on is not None and on <= day


def _days_saved(own: list[Dossier], day: date) -> Terms:
    saved, permits = 0, 0
    for dossier in own:
        for row in dossier.details["permits"]:
            applied, due = to_date(row, "applied_on"), to_date(row, "due_on")
            granted = to_date(row, "granted_on")
            if not to_bool(row, "needed") or applied is None or due is None or granted is None:
                continue
            if granted.year == day.year and granted <= day:
                saved += (due - granted).days
                permits += 1
    return saved, permits


def _funds_paid(ledger: Ledger, unit_id: str, live: list[Dossier], day: date) -> Terms:
    """Return the funds of any source paid and arrived; a fund's own unit goes first."""
    unit_of = {dossier.project_id: dossier.unit_id for dossier in live}
    sums = {"paid": 0, "arrived": 0}
    for row in rows(ledger, "funds"):
        project_id, event = text(row, "project_id"), text(row, "event")
        if (project_id and project_id not in unit_of) or event not in sums:
            continue
        beneficiary = text(row, "unit_id") or unit_of.get(project_id, "")
        if beneficiary == unit_id and _by(row, "on", day):
            sums[event] += to_int(row, "amount_yuan") or 0
    return sums["paid"], sums["arrived"]


def _stopped(dossier: Dossier, day: date) -> int:
    """Return the days of the year up to the day in approved pauses, each pause by itself."""
    days = 0
    for row in dossier.details["pauses"]:
        current = to_date(row, "from_on") or date.min
        last = min(to_date(row, "to_on") or day, day)
        while to_bool(row, "approved") and current <= last:
            days += current.year == day.year
            current += timedelta(days=1)
    return days


def _portfolio(own: list[Dossier], day: date) -> dict[str, Terms]:
    in_n = [d for d in own if d.counts_in_n]

    def this_year(kind: str) -> Terms:
        return sum(facts.actual_in_year(d, kind, day) for d in own), None

    signed = [d for d in own if facts.actual_in_year(d, "signed", day)]
    return {
        "projects_held": (len(own), None),
        "projects_in_campaign": (len(in_n), None),
        "projects_signed": this_year("signed"),
        "starts": this_year("started"),
        "completions": this_year("completed"),
        "productions": this_year("in_production"),
        "total_investment": (sum(d.size for d in own), None),
        "investment_planned": (sum(facts.plan(d, day) or 0 for d in in_n), None),
        "investment_done": (sum(facts.ytd(d, day) for d in in_n), None),
        "contracts_signed": (sum(to_int(d.row, "contract_yuan") or 0 for d in signed), None),
    }
