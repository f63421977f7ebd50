"""What is written can be read again without change, and changes nothing when it is."""

import csv
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.facts.columns import Column, ColumnType
from shared.facts.projects import CURVE_COLUMNS
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.ledger.reader import read_ledger
from shared.ledger.sheets import guard_formula, is_formula_like, unguard_formula
from shared.ledger.writer import write_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN, ROOT

UNITS, PROJECTS = ("U01", "U02"), ("P001", "P002", "P003")
INTAKE = ROOT / "tests/shared/ledger/intake"
AMOUNTS = st.integers(0, 10**13 - 1)

texts = (
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters="\n\t"))
    .map(str.strip)
    .filter(bool)
)
plain: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.flag: st.booleans(),
    ColumnType.day: st.dates(date(1950, 1, 1), date(2199, 12, 31)),
    ColumnType.yuan: AMOUNTS,
    ColumnType.count: st.integers(0, 10**12),
    ColumnType.year: st.integers(1950, 2199),
    ColumnType.percent: st.decimals(0, 999, allow_nan=False, places=4),
    ColumnType.figure: st.decimals(-(10**15) + 1, 10**15 - 1, allow_nan=False, places=4),
    ColumnType.text: texts,
}


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values of a column as a ledger without errors has them."""
    known = [word.value for word in column.words or ()]
    known += [] if column.closed or not known else ["能源革命", "林业（审批）"]
    found: st.SearchStrategy[Any]
    if column.refers:
        found = st.sampled_from(UNITS if column.refers == "units" else PROJECTS)
    elif column.kind is ColumnType.words:
        return st.lists(st.sampled_from(known), unique=True)
    elif column.name == "is_secret":
        return st.sampled_from([None, False])
    elif column.name.endswith(("_id", "_code", "_uscc")):
        found = st.from_regex(r"\A[A-Z0-9-]{1,18}\Z")
    else:
        found = st.sampled_from(known) if known else plain[column.kind]
    return found if column.required else st.none() | found


def rows(table: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries({c.name: values(c) for c in FACT_COLUMNS[table]})
    key = FACT_KINDS[table].key
    unique = (lambda r: tuple(r[name] for name in key)) if key else None
    return st.lists(row.map(keeping_the_rules), max_size=4, unique_by=unique)


def keeping_the_rules(row: dict[str, Any]) -> dict[str, Any]:
    """The row with what its rules demand: curves that rise, revisions with a date, owners."""
    if "m01" in row:
        curve = sorted(row[month] or 0 for month in CURVE_COLUMNS)
        row |= dict(zip(CURVE_COLUMNS, curve if row["m01"] else [None] * 12, strict=True))
    if row.get("decided_on"):
        row["planned_on"] = row["planned_on"] or row["decided_on"]
    if "event" in row and not row["project_id"]:
        row["unit_id"] = UNITS[0]
    if row.get("to_on"):
        row["from_on"], row["to_on"] = sorted((row["from_on"], row["to_on"]))
    return row


@st.composite
def ledgers(draw: st.DrawFn) -> Facts:
    def named(table: str, ids: tuple[str, ...]) -> list[dict[str, Any]]:
        row = st.fixed_dictionaries({c.name: values(c) for c in FACT_COLUMNS[table]})
        return [draw(row) | {FACT_KINDS[table].key[0]: each} for each in ids]

    tables = {
        table: draw(rows(table)) for table in FACT_COLUMNS if table not in ("units", "projects")
    }
    return Facts.from_rows(
        {"units": named("units", UNITS), "projects": named("projects", PROJECTS)} | tables
    )


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def assert_survives(facts: Facts, folder: Path) -> None:
    write_ledger(facts, folder / "csv")
    write_ledger(facts, folder / "ledger.xlsx")
    assert read_ledger(folder / "csv", region_codes()).accepted() == facts
    from_workbook = read_ledger(folder / "ledger.xlsx", region_codes()).accepted()
    assert from_workbook == facts
    write_ledger(from_workbook, folder / "again")
    assert files(folder / "again") == files(folder / "csv")


@settings(max_examples=25, deadline=None)
@given(ledgers())
def test_any_ledger_survives_csv_and_workbook_without_change(facts: Facts) -> None:
    with TemporaryDirectory() as folder:
        assert_survives(facts, Path(folder))


@pytest.mark.parametrize("name", ["small", "county"])
def test_the_golden_ledgers_survive_without_change(name: str, tmp_path: Path) -> None:
    assert_survives(read_ledger(GOLDEN / name, region_codes()).accepted(), tmp_path)


def test_an_empty_ledger_survives_and_shows_every_column(tmp_path: Path) -> None:
    assert_survives(Facts.from_columns({}), tmp_path)
    assert (tmp_path / "csv" / "pauses.csv").read_text("utf-8") == (
        "project_id,from_on,to_on,reason,approved\n"
    )


def test_equal_ledgers_give_equal_workbooks(tmp_path: Path) -> None:
    facts = read_ledger(GOLDEN / "small", region_codes()).accepted()
    for name in ("one.xlsx", "other.xlsx"):
        write_ledger(facts, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def test_no_text_of_a_csv_is_a_formula_and_each_is_read_as_it_was(tmp_path: Path) -> None:
    """An apostrophe stands before what a spreadsheet would compute, and before what looks as if it
    had one; numbers, lone signs and other apostrophes are as they are.
    """
    guarded = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "＝1", "-A1", "'=1", "''@x", "+86 10-1"]
    plain = ["-", "--", "-5", "+12.5", "'", "'quoted'", "a=b", "1-2", "’=1"]
    units = [
        {"unit_id": f"U{at}", "name": name, "kind": "department", "group": "g"}
        for at, name in enumerate((*guarded, *plain))
    ]
    facts = Facts.from_rows({"units": units})
    assert_survives(facts, tmp_path)
    with (tmp_path / "csv" / "units.csv").open(encoding="utf-8", newline="") as lines:
        written = [line["name"] for line in csv.DictReader(lines)]
    assert written == [*(f"'{name}" for name in guarded), *plain]


def test_a_guarded_text_is_no_formula_and_is_unguarded_to_itself() -> None:
    """Of every text of up to five of these signs."""
    for length in range(6):
        for signs in product("'=-1a", repeat=length):
            text = "".join(signs)
            guarded = guard_formula(text)
            assert unguard_formula(guarded) == text
            assert guarded[:1] == "'" or not is_formula_like(guarded)


def test_every_case_of_injection_is_text_in_both_formats(tmp_path: Path) -> None:
    """Texts of a workbook that a spreadsheet would compute if they came as CSV."""
    facts = read_ledger(INTAKE / "16_injection.xlsx", region_codes()).accepted()
    assert_survives(facts, tmp_path)
    for file in (tmp_path / "csv").iterdir():
        with file.open(encoding="utf-8", newline="") as lines:
            cells = [cell for line in csv.reader(lines) for cell in line]
        assert [cell for cell in cells if cell[:1] in "=+@\t\r" and cell] == []
        assert [cell for cell in cells if cell[:1] == "-" and is_formula_like(cell)] == []
    with ZipFile(tmp_path / "ledger.xlsx") as workbook:
        sheets = [name for name in workbook.namelist() if name.startswith("xl/worksheets/")]
        assert sheets
        assert [name for name in sheets if b"<f" in workbook.read(name)] == []


def test_texts_that_look_like_something_else_stay_texts(tmp_path: Path) -> None:
    names = [
        "=1+1",
        "007",
        "1e5",
        "2022-09-15",
        "TRUE",
        "_x0041_",
        "两\n行",
        '引"号,逗号',
        "-",
        "无",
    ]
    unit = {"kind": "department", "group": "g"}
    facts = Facts.from_rows(
        {"units": [unit | {"unit_id": f"U{at}", "name": name} for at, name in enumerate(names)]}
    )
    assert_survives(facts, tmp_path)


def test_percentages_keep_their_decimals(tmp_path: Path) -> None:
    percents = [Decimal("0"), Decimal("33.3333"), Decimal("100"), Decimal("0.0001")]
    project = {"project_id": "P001", "name": "n", "unit_id": "U01", "nature": "new"}
    facts = Facts.from_rows(
        {
            "units": [{"unit_id": "U01", "name": "n", "kind": "zone", "group": "g"}],
            "projects": [project | {"key_levels": [], "programs": []}],
            "progress": [
                {"project_id": "P001", "as_of": date(2022, 1, day), "physical_pct": percent}
                for day, percent in enumerate(percents, 1)
            ],
        }
    )
    assert_survives(facts, tmp_path)
