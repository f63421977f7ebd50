"""Bulletins to print in tests: of the sample county, of one unit, of sixty, of own rule books."""

from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services.cli.showcase.sample.county import sample_county
from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.ledger import build_ledger_projects
from services.scoring.documents.composition.sources import BulletinInput, FactsSource
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.scoring.engine.result_documents import LANXIAN

DAY, BEFORE = date(2022, 12, 25), date(2022, 9, 30)
OFFICE = "样县重点项目建设领导小组办公室"
LONG = "黄河流域生态保护和高质量发展先行示范区管理委员会重点项目建设服务中心"
KEYS = ("unit_id", "project_id", "problem_id")


def bulletin_input(
    facts: Facts,
    scheme: Scheme = LANXIAN,
    day: date = DAY,
    before: date | None = BEFORE,
    entered: ManualEntries = NO_ENTRIES,
    **more: Any,
) -> BulletinInput:
    """The inputs of a day over a ledger, compared with another day."""
    preset = resolve_lights(scheme)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}

    def document(as_of: date) -> dict[str, Any]:
        return result_document(score_facts(facts, scheme, preset, as_of, entered), names)

    inputs: dict[str, Any] = {
        "document": document(day),
        "scheme": scheme,
        "preset": preset,
        "ledger": build_ledger_projects(facts.tables["projects"], facts.tables["progress"], day),
        "office": OFFICE,
        "signed_on": day,
        "before": document(before) if before else None,
        "entered": entered,
        "source": FactsSource("0f" * 32),
    }
    return BulletinInput(**(inputs | more))


@cache
def county() -> Facts:
    return sample_county()


@cache
def sample() -> BulletinInput:
    """The sample county at the campaign's end, compared with the end of September."""
    return bulletin_input(county())


sample_bulletin = cache(lambda: compose_bulletin(sample()))


def of_units(facts: Facts, units: set[str]) -> Facts:
    """What these units answer for, and nothing else."""
    wanted = pa.array(sorted(units))
    tables = dict(facts.tables)
    for name in ("units", "projects"):
        tables[name] = tables[name].filter(pc.is_in(tables[name]["unit_id"], wanted))
    projects = tables["projects"]["project_id"].combine_chunks()
    for name, table in tables.items():
        if name != "projects" and "project_id" in table.column_names:
            tables[name] = table.filter(pc.is_in(table["project_id"], projects))
    return Facts(tables)


def without_projects(facts: Facts) -> Facts:
    """The units alone."""
    tables = {name: table.slice(0, 0) for name, table in facts.tables.items() if name != "units"}
    return Facts({"units": facts.tables["units"], **tables})


@cache
def sixty_units() -> BulletinInput:
    """The sample county's units over and over in one group, every seventh with a long name."""
    tables = {}
    for name, table in county().tables.items():
        rows = [
            {key: f"{n}{value}" if key in KEYS and value else value for key, value in row.items()}
            for n in range(3)
            for row in table.to_pylist()
        ]
        if name == "units":
            rows = [
                row | {"group": "县组", "name": f"{LONG if n % 7 == 0 else '第'}{n}县"}
                for n, row in enumerate(rows[:60])
            ]
        tables[name] = pa.Table.from_pylist(rows, schema=table.schema)
    units = set(tables["units"]["unit_id"].to_pylist())
    return bulletin_input(of_units(Facts(tables), units))
