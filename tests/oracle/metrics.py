"""The twenty metrics of the big comparison: a numerator and a denominator for every unit."""

from datetime import date

from tests.oracle import facts
from tests.oracle.facts import Dossier
from tests.oracle.tables import Ledger, Row, rows, text, to_bool, to_date, to_int

# Numerator and denominator; a count or a sum has no denominator.
Terms = tuple[int, int | None]

YI = 100_000_000


def unit_terms(ledger: Ledger, unit_id: str, live: list[Dossier], day: date) -> dict[str, Terms]:
    """Return all metrics of a unit; `live` are the live projects of every unit of the run."""
    own = [dossier for dossier in live if dossier.unit_id == unit_id]
    return {
        **_speed(own, day),
        **_planning(ledger, unit_id, own, live, day),
        **_reserve(own, live, day),
        **_attraction(own, day),
        **_environment(own, day),
    }


def _speed(own: list[Dossier], day: date) -> dict[str, Terms]:
    in_n = [d for d in own if d.counts_in_n]
    building = [
        d for d in in_n if facts.is_under_construction(d, day) and d.size >= facts.POOLED_SIZE
    ]
    producible = [d for d in own if _is_up_for_production(d, day)]
    return {
        "start_rate": (sum(facts.is_working(d, day) for d in in_n), len(in_n)),
        "pooling_rate": (_count_actual(building, "pooled", day), len(building)),
        "investment_completion": _completed_of_plan(in_n, day),
        "production_rate": (_count_actual(producible, "in_production", day), len(producible)),
    }


def _count_actual(population: list[Dossier], kind: str, day: date) -> int:
    return sum(facts.actual(d, kind, day) is not None for d in population)


def _is_up_for_production(dossier: Dossier, day: date) -> bool:
    """Return whether production falls in the day's year, or should have begun by then."""
    actual = facts.actual(dossier, "in_production", day)
    if actual is not None:
        return actual.year == day.year
    planned = facts.planned(dossier, "in_production", day)
    return planned is not None and planned.year <= day.year


def _completed_of_plan(population: list[Dossier], day: date) -> Terms:
    """Return investment over plan; projects without a known plan are in neither sum."""
    completed, plans = 0, 0
    for dossier in population:
        plan = facts.plan(dossier, day)
        if plan is not None:
            completed += facts.ytd(dossier, day)
            plans += plan
    return completed, plans


def _planning(
    ledger: Ledger, unit_id: str, own: list[Dossier], live: list[Dossier], day: date
) -> dict[str, Terms]:
    return {
        "major_projects": (sum(_is_listed(d) for d in own), None),
        "central_budget_won": (_won(ledger, unit_id, live, "central_budget", day), None),
        "policy_instruments_won": (_won(ledger, unit_id, live, "policy_instrument", day), None),
    }


def _is_listed(dossier: Dossier) -> bool:
    return text(dossier.row, "key_levels") != ""


def _won(ledger: Ledger, unit_id: str, live: list[Dossier], source: str, day: date) -> int:
    """Return the funds approved for a unit in the day's year, without those of dead projects."""
    unit_of = {dossier.project_id: dossier.unit_id for dossier in live}
    total = 0
    for row in rows(ledger, "funds"):
        project_id = text(row, "project_id")
        if project_id and project_id not in unit_of:
            continue
        beneficiary = text(row, "unit_id") or unit_of.get(project_id, "")
        on = to_date(row, "on")
        in_year = on is not None and on.year == day.year and on <= day
        if beneficiary == unit_id and in_year and _is_fund(row, source, "approved"):
            total += to_int(row, "amount_yuan") or 0
    return total


def _is_fund(row: Row, source: str, event: str) -> bool:
    return text(row, "source") == source and text(row, "event") == event


def _reserve(own: list[Dossier], live: list[Dossier], day: date) -> dict[str, Terms]:
    industrial = [d for d in own if to_bool(d.row, "is_industrial")]
    all_industrial = sum(d.size for d in live if to_bool(d.row, "is_industrial"))
    terms: dict[str, Terms] = {
        "listed_investment": (sum(d.size for d in own if _is_listed(d)), None)
    }
    for multiple in (1, 5, 10, 100):
        large = sum(d.size for d in industrial if d.size >= multiple * YI)
        terms[f"industrial_share_{multiple}yi"] = (large, all_industrial)
    invested = _pooled_ytd(own, day)
    terms["industrial_investment_share"] = (_pooled_ytd(industrial, day), invested)
    terms["investment_contribution"] = (invested, _pooled_ytd(live, day))
    return terms


def _pooled_ytd(population: list[Dossier], day: date) -> int:
    pooled = [d for d in population if facts.actual(d, "pooled", day) is not None]
    return sum(facts.ytd(d, day) for d in pooled)


def _attraction(own: list[Dossier], day: date) -> dict[str, Terms]:
    started = [d for d in own if d.nature == "new" and facts.actual_in_year(d, "started", day)]
    signed = [d for d in own if facts.actual_in_year(d, "signed", day)]
    same_year = sum(facts.actual_in_year(d, "started", day) for d in signed)
    return {
        "fund_arrival": _fund_arrival(own, day),
        "new_start_completion": _completed_of_plan(started, day),
        "same_year_start": (same_year, len(signed)),
    }


def _fund_arrival(own: list[Dossier], day: date) -> Terms:
    """Return attracted funds arrived in any year over contracts; funds follow their project."""
    arrived, contracts = 0, 0
    for dossier in own:
        contract = to_int(dossier.row, "contract_yuan")
        signed = facts.actual(dossier, "signed", day) is not None
        if contract is None or not signed or not to_bool(dossier.row, "is_attracted"):
            continue
        contracts += contract
        for row in dossier.details["funds"]:
            on = to_date(row, "on")
            if on is not None and on <= day and _is_fund(row, "attracted", "arrived"):
                arrived += to_int(row, "amount_yuan") or 0
    return arrived, contracts


def _environment(own: list[Dossier], day: date) -> dict[str, Terms]:
    signed = [d for d in own if facts.actual_in_year(d, "signed", day)]
    return {
        "landing_rate": (_count_actual(signed, "landed", day), len(signed)),
        "permit_efficiency": _permits(own, day),
        "approval_to_production_days": _approval_to_production(own, day),
    }


def _permits(own: list[Dossier], day: date) -> Terms:
    """Return the granted among the needed permits of new projects."""
    granted, needed = 0, 0
    for dossier in own:
        for row in dossier.details["permits"]:
            if dossier.nature == "new" and to_bool(row, "needed"):
                needed += 1
                granted += (to_date(row, "granted_on") or date.max) <= day
    return granted, needed


def _approval_to_production(own: list[Dossier], day: date) -> Terms:
    """Return the sum of days and the number of projects put into production in the year."""
    days, projects = 0, 0
    for dossier in own:
        initiated = facts.actual(dossier, "initiated", day)
        produced = facts.actual(dossier, "in_production", day)
        if initiated is not None and produced is not None and produced.year == day.year:
            days += (produced - initiated).days
            projects += 1
    return days, projects
