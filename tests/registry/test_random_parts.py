"""Any choice of a file's columns leaves the rest as it is stored, and tells nothing of a secret."""

import csv
import io
from random import Random

import httpx
import pytest

from shared.facts.tables import FACT_KINDS
from tests.paths import GOLDEN
from tests.registry.clients import facts_of, imported, upload, zipped, zipped_files

UNITS = "unit_id,name,kind,group,region_code\nU01,发展和改革局,department,departments,990101\n"
NEXT = "unit_id,name,kind,group\nU02,东村镇,township,townships\n"
SECRET = "91350521MA2SECRET0"  # no credit code, and longer than one


def choose_columns(name: str, text: str, chance: Random) -> str:
    """A file with some of its columns; of a kind without a key with all of them."""
    lines = [*csv.reader(io.StringIO(text))]
    kind = FACT_KINDS[name]
    kept = [
        index
        for index, column in enumerate(lines[0])
        if column in kind.key or not kind.key or chance.random() < 0.5
    ]
    chance.shuffle(kept)
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows([line[index] for index in kept] for line in lines)
    return sink.getvalue()


@pytest.mark.parametrize("seed", range(4))
async def test_any_tables_and_columns_of_the_same_ledger_change_nothing(
    office: httpx.AsyncClient, seed: int
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    before, chance = await facts_of(office), Random(seed)
    files = {path.stem: path for path in sorted((GOLDEN / "county").glob("*.csv"))}
    names = chance.sample(sorted(files), chance.randint(1, len(files)))
    part = {
        f"{name}.csv": choose_columns(name, files[name].read_text(encoding="utf-8"), chance)
        for name in names
    }
    assert await imported(office, zipped_files(part)) == {}
    assert await facts_of(office) == before


@pytest.mark.parametrize("seed", range(4))
async def test_only_the_columns_that_a_file_has_can_change(
    office: httpx.AsyncClient, seed: int
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    before = (await facts_of(office)).tables["permits"].to_pylist()
    chance = Random(seed)
    [given] = chance.sample(["needed", "applied_on", "due_on", "granted_on", "document_no"], 1)
    rows = chance.sample(before, 5)
    sink = io.StringIO(newline="")
    lines = [[row["project_id"], row["kind"], row["stage"], ""] for row in rows]
    csv.writer(sink).writerows([["project_id", "kind", "stage", given], *lines])

    await imported(office, zipped_files({"permits.csv": sink.getvalue()}))

    after = (await facts_of(office)).tables["permits"].to_pylist()
    blanked = [{**row, given: None} if row in rows else row for row in before]
    assert sorted(map(repr, after)) == sorted(map(repr, blanked))


@pytest.mark.parametrize("amount", ["机密八千", "80000000"])
async def test_a_secret_row_is_not_repeated_where_columns_are_absent(
    office: httpx.AsyncClient, amount: str
) -> None:
    """Beside an error of another cell, and beside a mere warning."""
    header = "project_id,name,unit_id,nature,owner_uscc,total_investment_yuan,is_secret"
    projects = f"{header}\nP001,沙棘,U01,new,{SECRET},{amount},是\n"
    found = await upload(office, zipped_files({"units.csv": UNITS, "projects.csv": projects}))
    of_projects = [each for each in found["findings"] if each["sheet"] == "projects"]
    assert [(each["code"], each["row"]) for each in of_projects] == [("secret_project", 2)]
    assert found["state"] == "refused"


@pytest.mark.parametrize(
    "file", [{}, {"units.csv": "unit_id,kind\nU01,department\n"}, {"units.csv": NEXT}]
)
@pytest.mark.parametrize("unit", ["U01", "发展和 改革局"])
async def test_a_name_is_looked_up_in_the_file_then_in_the_records(
    office: httpx.AsyncClient, file: dict[str, str], unit: str
) -> None:
    await imported(office, zipped_files({"units.csv": UNITS}))
    projects = f"project_id,name,责任单位,nature\nP001,沙棘,{unit},new\n"
    await imported(office, zipped_files({"projects.csv": projects, **file}))
    assert (await facts_of(office)).tables["projects"]["unit_id"].to_pylist() == ["U01"]


async def test_a_name_that_the_file_gives_to_another_unit_is_of_two(
    office: httpx.AsyncClient,
) -> None:
    await imported(office, zipped_files({"units.csv": UNITS}))
    twice = NEXT.replace("东村镇", "发展和改革局")
    projects = "project_id,name,责任单位,nature\nP001,沙棘,发展和改革局,new\n"
    found = await upload(office, zipped_files({"units.csv": twice, "projects.csv": projects}))
    assert [each["code"] for each in found["findings"]] == ["name_not_unique"]
