"""The whole run as a practised user of pandas writes it: what `make bench` is measured against.

Columns all the way: keys become integers once, rows are picked by sorting and grouping, and lights
are whole numbers in columns. Totals are exact, so points are fractions, unit by unit. It writes the
text of `bairi score --format json` for `lanxian-2022`.
"""

import json

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pyarrow as pa

from shared.facts.tables import Facts
from tests.bench.pandas_lights import DAY, lights
from tests.bench.pandas_points import PILLARS, Terms, groups

JANUARY, DECEMBER = pd.Timestamp(2022, 1, 1), pd.Timestamp(2022, 12, 31)


def text(facts: Facts) -> str:
    """The document of the run on `DAY`."""
    units = frame(facts, "units", "unit_id", "name", "group")
    projects = live_projects(facts, units)
    document = {
        "as_of": str(DAY.date()),
        "scheme": "lanxian-2022",
        "lights_preset": "yinchuan-2025",
        "groups": groups(units, *terms(facts, units, projects)),
        "lights": lights(projects),
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


# --- projects


def frame(facts: Facts, name: str, *columns: str) -> pd.DataFrame:
    """Columns of a table: dates as moments, whole numbers that may be unknown, flags as such."""
    whole = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    table = facts.tables[name].select([*columns])
    return table.to_pandas(date_as_object=False, types_mapper=whole.get)


def live_projects(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Every project that is not terminated, with what its rows say of it."""
    projects = frame(
        facts,
        "projects",
        *("project_id", "unit_id", "nature", "is_industrial", "is_attracted"),
        *("contract_yuan", "total_investment_yuan"),
    )
    lists = facts.tables["projects"]["key_levels"].combine_chunks()
    projects["listed"] = np.diff(lists.offsets.to_numpy()) > 0
    keys = pd.Index(projects["project_id"])

    def rows(table: str, *columns: str) -> pd.DataFrame:
        made = frame(facts, table, "project_id", *columns)
        made["project"] = keys.get_indexer(made.pop("project_id"))
        return made

    milestones = rows("milestones", "kind", "planned_on", "actual_on", "decided_on")
    projects = projects.join(dates(milestones)).join(planned(milestones))
    expected = milestones["kind"].eq("resumed") & (
        milestones["actual_on"].le(DAY)
        | ~milestones["decided_on"].gt(DAY) & milestones["planned_on"].le(DECEMBER)
    )
    projects["to_resume"] = projects.index.isin(milestones["project"][expected])

    plans = rows("plans", "year", "planned_yuan", "m11", "m12")
    of_year = plans[plans["year"].eq(DAY.year)].set_index("project")
    projects = projects.join(of_year[["planned_yuan", "m11", "m12"]])

    progress = rows("progress", "as_of", "invested_ytd_yuan")
    told = progress["as_of"].between(JANUARY, DAY) & progress["invested_ytd_yuan"].notna()
    latest = progress[told].sort_values("as_of").drop_duplicates("project", keep="last")
    projects["told"] = latest.set_index("project")["invested_ytd_yuan"]
    projects["ytd"] = projects["told"].fillna(0)

    permits = rows("permits", "needed", "granted_on")
    needed = permits[permits["needed"].fillna(False)]
    projects["needed"] = needed.groupby("project").size()
    projects["granted"] = needed[needed["granted_on"].le(DAY)].groupby("project").size()

    funds = rows("funds", "source", "event", "amount_yuan", "on")
    arrived = funds[
        funds["source"].eq("attracted") & funds["event"].eq("arrived") & funds["on"].le(DAY)
    ]
    projects["arrived"] = arrived.groupby("project")["amount_yuan"].sum()

    pauses = rows("pauses", "from_on", "to_on", "approved")
    in_force = pauses["from_on"].le(DAY) & ~pauses["to_on"].lt(DAY)
    standing = in_force & pauses["approved"].fillna(False)
    projects["paused"] = projects.index.isin(pauses["project"][standing])

    projects["unit"] = pd.Index(units["unit_id"]).get_indexer(projects["unit_id"])
    return flagged(projects[projects["terminated"].isna()])


def dates(milestones: pd.DataFrame) -> pd.DataFrame:
    """Of each project the last day of each kind, up to `DAY`."""
    done = milestones[milestones["actual_on"].le(DAY)]
    found = done.groupby(["project", "kind"], sort=False)["actual_on"].max().unstack()
    kinds = ["signed", "initiated", "landed", "started", "resumed", "pooled"]
    return found.reindex(columns=[*kinds, "completed", "in_production", "terminated"])


def planned(milestones: pd.DataFrame) -> pd.DataFrame:
    """The plans of start and production that were decided last, up to `DAY`."""
    kinds = milestones["kind"].isin(["started", "in_production"])
    known = milestones["planned_on"].notna() & ~milestones["decided_on"].gt(DAY)
    ordered = milestones[kinds & known].sort_values(
        ["decided_on", "planned_on"], na_position="first"
    )
    last = ordered.drop_duplicates(["project", "kind"], keep="last")
    found = last.set_index(["project", "kind"])["planned_on"].unstack()
    return found.reindex(columns=["started", "in_production"]).add_prefix("planned_")


def flagged(projects: pd.DataFrame) -> pd.DataFrame:
    """What is said of a project in a word."""
    new, continuing = projects["nature"].eq("new"), projects["nature"].eq("continuing")
    started, resumed = projects["started"].notna(), projects["resumed"].ge(JANUARY)
    produces = projects["in_production"]
    working = new & started | continuing & (~projects["to_resume"] | resumed)
    return projects.assign(
        is_new=new,
        in_campaign=new | continuing,
        working=working,
        building=working & projects["completed"].isna(),
        large=projects["total_investment_yuan"].ge(5_000_000).fillna(False),
        industrial=projects["is_industrial"].fillna(False),
        attracted=projects["is_attracted"].fillna(False),
        is_planned=projects["planned_yuan"].notna(),
        producible=~produces.lt(JANUARY)
        & (projects["planned_in_production"].le(DECEMBER) | produces.notna()),
    )


# --- the terms of units


def terms(facts: Facts, units: pd.DataFrame, p: pd.DataFrame) -> tuple[list[int], Terms]:
    """The live projects of each unit, and its terms of every metric."""
    total, ytd, plan = p["total_investment_yuan"], p["ytd"], p["planned_yuan"]
    pooled, signed, started = p["pooled"].notna(), p["signed"], p["started"]
    made, began = p["in_production"].ge(JANUARY), started.ge(JANUARY)
    contracted = p["attracted"] & signed.notna() & p["contract_yuan"].notna()
    days = (p["in_production"] - p["initiated"]).dt.days.astype("Int64")
    columns: dict[str, pd.Series] = {
        "projects": p["unit"].ge(0),
        "start_rate n": p["in_campaign"] & p["working"],
        "start_rate d": p["in_campaign"],
        "pooling_rate n": p["building"] & p["large"] & pooled,
        "pooling_rate d": p["building"] & p["large"],
        "investment_completion n": ytd.where(p["in_campaign"] & p["is_planned"]),
        "investment_completion d": plan.where(p["in_campaign"]),
        "production_rate n": p["producible"] & p["in_production"].notna(),
        "production_rate d": p["producible"],
        "major_projects n": p["listed"],
        "listed_investment n": total.where(p["listed"]),
        "industrial_share_1yi n": total.where(p["industrial"] & total.ge(1_0000_0000)),
        "industrial_share_5yi n": total.where(p["industrial"] & total.ge(5_0000_0000)),
        "industrial_share_10yi n": total.where(p["industrial"] & total.ge(10_0000_0000)),
        "industrial_share_100yi n": total.where(p["industrial"] & total.ge(100_0000_0000)),
        "industrial": total.where(p["industrial"]),
        "industrial_investment_share n": ytd.where(pooled & p["industrial"]),
        "pooled": ytd.where(pooled),
        "fund_arrival n": p["arrived"].where(contracted),
        "fund_arrival d": p["contract_yuan"].where(contracted),
        "new_start_completion n": ytd.where(p["is_new"] & began & p["is_planned"]),
        "new_start_completion d": plan.where(p["is_new"] & began),
        "same_year_start n": signed.ge(JANUARY) & began,
        "same_year_start d": signed.ge(JANUARY),
        "landing_rate n": signed.ge(JANUARY) & p["landed"].notna(),
        "permit_efficiency n": p["granted"].where(p["is_new"]),
        "permit_efficiency d": p["needed"].where(p["is_new"]),
        "approval_to_production_days n": days.where(made),
        "approval_to_production_days d": made & p["initiated"].notna(),
    }
    by_unit = pd.DataFrame(columns).fillna(0).astype("int64").groupby(p["unit"]).sum()
    sums = by_unit.reindex(range(len(units)), fill_value=0)
    sums[["central_budget_won n", "policy_instruments_won n"]] = won(facts, units, p)
    for share in ("1yi", "5yi", "10yi", "100yi"):
        sums[f"industrial_share_{share} d"] = sums["industrial"].sum()
    sums["industrial_investment_share d"] = sums["investment_contribution n"] = sums["pooled"]
    sums["investment_contribution d"] = sums["pooled"].sum()
    sums["landing_rate d"] = sums["same_year_start d"]
    nothing = [None] * len(units)
    of_metric: Terms = {
        metric: [
            *zip(
                sums[f"{metric} n"].tolist(),
                sums[f"{metric} d"].tolist() if f"{metric} d" in sums else nothing,
                strict=True,
            )
        ]
        for metrics in PILLARS.values()
        for metric in metrics
    }
    return sums["projects"].tolist(), of_metric


def won(facts: Facts, units: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """What each unit was granted this year from two sources: itself, or by a live project."""
    funds = frame(facts, "funds", "unit_id", "project_id", "source", "event", "amount_yuan", "on")
    sources = ["central_budget", "policy_instrument"]
    wanted = funds["source"].isin(sources) & funds["event"].eq("approved")
    granted = funds[wanted & funds["on"].between(JANUARY, DAY)]
    at = pd.Index(projects["project_id"]).get_indexer(granted["project_id"])
    owner = np.where(at >= 0, projects["unit"].to_numpy()[at], -1)
    named = pd.Index(units["unit_id"]).get_indexer(granted["unit_id"])
    counts = (at >= 0) | granted["project_id"].isna().to_numpy()
    unit = np.where(counts, np.where(named >= 0, named, owner), -1)
    sums = granted.groupby([unit, "source"])["amount_yuan"].sum().unstack()
    return sums.reindex(index=range(len(units)), columns=sources).fillna(0).to_numpy("int64")
