"""The facts of a campaign: its projects, their rows, the units compared."""

import pyarrow as pa
import pyarrow.compute as pc

from services.scoring.engine.campaigns.campaign import Population
from shared.facts.tables import Facts


def restrict_to_population(facts: Facts, population: Population) -> Facts:
    """The ledger without the projects that are not of the population, and without their rows.

    Funds and problems that name no project are their unit's, and stay.
    """
    if population == Population():
        return facts
    projects = facts.tables["projects"]
    projects = projects.filter(population_mask(projects, population))
    tables = {"projects": projects}
    for name, table in facts.tables.items():
        if name == "units" and population.units:
            tables[name] = table.filter(membership_mask(table["unit_id"], population.units))
        elif name not in tables and "project_id" in table.column_names:
            in_population = pc.is_in(table["project_id"], projects["project_id"].combine_chunks())
            tables[name] = table.filter(pc.or_(in_population, pc.is_null(table["project_id"])))
    return Facts({**facts.tables, **tables})


def population_mask(projects: pa.Table, population: Population) -> pa.Array:
    """A flag per project: whether it meets every line."""
    flags = pa.array([True] * projects.num_rows)
    for column, wanted in (
        ("nature", population.natures),
        ("unit_id", population.units),
        ("project_id", population.projects),
    ):
        if wanted:
            flags = pc.and_(flags, membership_mask(projects[column], wanted))
    for column, wanted in (
        ("key_levels", population.key_levels),
        ("programs", population.programs),
    ):
        if wanted:
            lists = projects[column].to_pylist()
            flags = pc.and_(flags, pa.array([not {*wanted}.isdisjoint(words) for words in lists]))
    if population.least_investment_yuan:
        total = projects["total_investment_yuan"]
        enough = pc.greater_equal(total, population.least_investment_yuan)
        flags = pc.and_(flags, pc.fill_null(enough, False))
    return flags


def membership_mask(column: pa.ChunkedArray, wanted: tuple[str, ...]) -> pa.ChunkedArray:
    return pc.is_in(column, pa.array([str(word) for word in wanted]))
