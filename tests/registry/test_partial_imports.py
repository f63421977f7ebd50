"""A file says what it says: what it lacks stays as it is stored, and what it takes away is told."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.facts.packed_facts import LedgerPart, pack_part, unpack_part
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from tests.registry.clients import As, facts_of, imported, items, upload, zipped_files
from tests.registry.clients import ledger as golden

INTAKE = Path("tests/shared/ledger/intake")
UNITS = "unit_id,name,kind,group,region_code\nU01,发展和改革局,department,departments,990101\n"
PROJECTS = (
    "project_id,name,unit_id,nature,owner_name,total_investment_yuan\n"
    "P001,沙棘深加工,U01,new,甲公司,120000000\nP002,县医院,U01,continuing,乙公司,300000000\n"
)
MILESTONES = (
    "project_id,kind,planned_on,actual_on,decided_on,reason\n"
    "P001,started,2022-03-01,2022-03-20,,\nP001,started,2022-04-01,,2022-02-01,征地\n"
)
WHOLE = {"units.csv": UNITS, "projects.csv": PROJECTS, "milestones.csv": MILESTONES}


@pytest.fixture
async def stored(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped_files(WHOLE))
    return office


def codes(uploaded: dict[str, Any]) -> list[tuple[str, str, int | None, int]]:
    return [(f["code"], f["sheet"], f["row"], f["count"]) for f in uploaded["findings"]]


async def changes_of(client: httpx.AsyncClient, uploaded: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/v1/imports/{uploaded['id']}/changes")).json()
    return found


async def project(client: httpx.AsyncClient, number: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/v1/projects/{number}")).json()
    return found


async def test_an_absent_column_leaves_what_is_stored(stored: httpx.AsyncClient) -> None:
    renamed = "project_id,total_investment_yuan,业主\nP001,130000000,丙公司\n"
    uploaded = await upload(stored, zipped_files({"projects.csv": renamed}))
    assert codes(uploaded) == [
        ("unknown_column", "projects", None, 1),
        ("columns_kept", "projects", None, 4),
    ]
    foreseen = (await changes_of(stored, uploaded))["projects"]
    assert (foreseen["added"], foreseen["superseded"], foreseen["unchanged"]) == (1, 1, 0)
    assert {"name", "unit_id", "nature", "owner_name"} < set(foreseen["absent_columns"])
    assert [(c["column"], c["changed"], c["blanked"]) for c in foreseen["columns"]] == [
        ("total_investment_yuan", 1, 0)
    ]
    await imported(stored, zipped_files({"projects.csv": renamed}))
    found = await project(stored, "P001")
    assert (found["name"], found["owner_name"]) == ("沙棘深加工", "甲公司")
    assert (found["unit_id"], found["total_investment_yuan"]) == ("U01", 130_000_000)
    assert [p["project_id"] for p in await items(stored, "/v1/projects", search="沙棘")] == ["P001"]


async def test_a_blank_cell_blanks_and_the_value_that_goes_is_shown(
    stored: httpx.AsyncClient,
) -> None:
    blank = "project_id,owner_name,total_investment_yuan\nP001,,120000000\nP002,乙公司,\n"
    uploaded = await upload(stored, zipped_files({"projects.csv": blank}))
    gone = [f for f in uploaded["findings"] if f["code"] == "values_go_blank"]
    assert [(f["row"], f["column"], f["count"], f["expected"]) for f in gone] == [
        (2, "owner_name", 1, "已存的内容将变为空白：P001（甲公司）"),
        (3, "total_investment_yuan", 1, "已存的内容将变为空白：P002（30,000万元）"),
    ]
    foreseen = (await changes_of(stored, uploaded))["projects"]["columns"]
    assert [(c["column"], c["blanked"]) for c in foreseen] == [
        ("owner_name", 1),
        ("total_investment_yuan", 1),
    ]
    await imported(stored, zipped_files({"projects.csv": blank}))
    assert (await project(stored, "P001"))["owner_name"] is None


async def test_a_new_row_needs_what_is_required(stored: httpx.AsyncClient) -> None:
    part = "project_id,name\nP001,沙棘\nP003,水厂\nP004,桥\n"
    uploaded = await upload(stored, zipped_files({"projects.csv": part}))
    assert uploaded["state"] == "refused"
    assert [c for c in codes(uploaded) if c[0] == "column_of_new_rows"] == [
        ("column_of_new_rows", "projects", 3, 2),
        ("column_of_new_rows", "projects", 3, 2),
    ]


async def test_a_reference_is_looked_up_in_the_file_then_in_the_records(
    stored: httpx.AsyncClient,
) -> None:
    progress = "project_id,as_of,invested_ytd_yuan\nP001,2022-09-30,1\n{},2022-09-30,2\n"
    known = zipped_files({"progress.csv": progress.format("P002")})
    assert await imported(stored, known) == {"progress": {"added": 2, "superseded": 0}}
    unknown = zipped_files({"progress.csv": progress.format("P009")})
    assert ("unknown_reference", "progress", 3, 1) in codes(await upload(stored, unknown))


async def test_a_part_of_a_key_may_be_absent_only_where_no_record_has_it(
    stored: httpx.AsyncClient,
) -> None:
    without = "project_id,kind,planned_on\nP001,started,2022-05-01\n"
    uploaded = await upload(stored, zipped_files({"milestones.csv": without}))
    assert ("column_of_stored_key", "milestones", 2, 1) in codes(uploaded)
    fresh = "project_id,kind,planned_on\nP002,started,2022-05-01\n"
    changes = await imported(stored, zipped_files({"milestones.csv": fresh}))
    assert changes == {"milestones": {"added": 1, "superseded": 0}}


async def test_a_table_without_a_key_needs_the_columns_that_are_used(
    stored: httpx.AsyncClient,
) -> None:
    pauses = "project_id,from_on,reason\nP001,2022-05-01,汛期\n"
    await imported(stored, zipped_files({"pauses.csv": pauses}))
    uploaded = await upload(
        stored, zipped_files({"pauses.csv": "project_id,from_on\nP001,2022-05-01\n"})
    )
    assert codes(uploaded) == [("column_in_use", "pauses", None, 1)]


async def test_a_rule_of_a_row_is_checked_with_what_is_stored(stored: httpx.AsyncClient) -> None:
    months = ",".join(f"m{month:02}" for month in range(1, 13))
    curve = ",".join(str(month * 10) for month in range(1, 13))
    whole = f"project_id,year,planned_yuan,{months}\nP001,2022,120,{curve}\n"
    await imported(stored, zipped_files({"plans.csv": whole}))
    falling = "project_id,year,m06\nP001,2022,90\n"
    uploaded = await upload(stored, zipped_files({"plans.csv": falling}))
    assert ("falling_curve", "plans", 2, 1) in codes(uploaded)
    sound = "project_id,year,m06\nP001,2022,65\n"
    assert await imported(stored, zipped_files({"plans.csv": sound})) == {
        "plans": {"added": 1, "superseded": 1}
    }


async def test_a_later_correction_is_told_record_by_record(stored: httpx.AsyncClient) -> None:
    now = await project(stored, "P002")
    fact = {name: now[name] for name in FACT_KINDS["projects"].column_names if name in now}
    fact |= {"owner_name": "丁公司"}
    del fact["project_id"]
    answer = await stored.get("/v1/projects/P002")
    current = {"if-match": answer.headers["etag"]}
    assert (await stored.put("/v1/projects/P002", json=fact, headers=current)).is_success
    uploaded = await upload(stored, zipped_files(WHOLE))
    [told] = [f for f in uploaded["findings"] if f["code"] == "later_correction"]
    assert (told["sheet"], told["row"], told["column"], told["value"]) == (
        *("projects", 3, "owner_name", "P002"),
    )
    assert "改为“丁公司”，导入将改为“乙公司”" in told["expected"]
    foreseen = (await changes_of(stored, uploaded))["projects"]
    assert foreseen["conflicts"] == 1
    [conflict] = foreseen["conflicting"]
    assert (conflict["key"], conflict["before"], conflict["after"]) == (
        *(["P002"], "丁公司", "乙公司"),
    )


async def test_whole_tables_may_be_absent_and_no_table_at_all_is_an_error(
    stored: httpx.AsyncClient,
) -> None:
    before = await facts_of(stored)
    assert await imported(stored, zipped_files({"units.csv": UNITS})) == {}
    assert await facts_of(stored) == before
    nothing = await upload(stored, zipped_files({"2022年台账.csv": "序号,项目\n1,沙棘\n"}))
    assert nothing["state"] == "refused"
    assert "no_tables" in [f["code"] for f in nothing["findings"]]


@pytest.mark.parametrize(
    "second",
    ["50_second_import_without_columns.xlsx", "52_second_import_without_actual_dates.xlsx"],
)
async def test_a_second_file_without_columns_takes_nothing_away(as_: As, second: str) -> None:
    office = as_("office", "141127")
    await imported(office, (INTAKE / "00_base.xlsx").read_bytes())
    before = await facts_of(office)
    assert await imported(office, (INTAKE / second).read_bytes()) == {}
    assert await facts_of(office) == before


@given(st.data())
def test_what_a_file_lacks_is_packed_as_absent(data: st.DataObject) -> None:
    """A law of packing: any choice of columns comes back as it went."""
    facts = golden("small")
    present = {
        name: {
            c.name: f"头{c.name}"
            for c in data.draw(st.lists(st.sampled_from(columns), unique=True, min_size=1))
        }
        for name, columns in FACT_COLUMNS.items()
    }
    numbers = {name: list(range(2, 2 + t.num_rows)) for name, t in facts.tables.items()}
    again = unpack_part(pack_part(LedgerPart(facts, present, numbers)))
    for name in again.tables:
        assert again.headers[name] == present[name]
        assert again.numbers[name] == numbers[name]
        for column in present[name]:
            assert again.facts.tables[name][column].equals(facts.tables[name][column])
