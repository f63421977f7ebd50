"""An applied import is taken back as a whole, or not at all."""

import csv
import io
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from shared.database.sessions import Sessions
from shared.facts.tables import FACT_KINDS, Facts
from tests.paths import GOLDEN
from tests.registry.clients import (
    As,
    apply,
    facts_of,
    imported,
    put,
    rows,
    table_of,
    upload,
    zipped,
    zipped_files,
)
from tests.registry.test_random_parts import choose_columns

UNITS = "unit_id,name,kind,group\nU01,发展和改革局,department,departments\n"
PROJECTS = "project_id,name,unit_id,nature\nP001,沙棘,U01,new\n"
PROGRESS = "project_id,as_of,invested_ytd_yuan\nP001,2022-06-30,{}\n"


async def import_files(client: httpx.AsyncClient, **files: str) -> int:
    """Upload and apply files; the number of the import."""
    content = zipped_files({f"{name}.csv": text for name, text in files.items()})
    done = await apply(client, (await upload(client, content))["id"])
    assert done["state"] == "applied", done
    return int(done["id"])


async def undo(client: httpx.AsyncClient, import_id: int) -> httpx.Response:
    return await client.post(f"/v1/imports/{import_id}/undo", json={"why": "传错了文件"})


def changed_ledger(chance: Random) -> dict[str, str]:
    """Some tables of the golden county with some of their columns and other values in them."""
    files = {path.stem: path for path in sorted((GOLDEN / "county").glob("*.csv"))}
    names = chance.sample(sorted(files), chance.randint(1, len(files)))
    return {
        name: change_values(
            name, choose_columns(name, files[name].read_text(encoding="utf-8"), chance), chance
        )
        for name in names
    }


def change_values(name: str, content: str, chance: Random) -> str:
    """Other amounts and texts in some rows, and of a kind without a key fewer or more rows."""
    lines = [*csv.reader(io.StringIO(content))]
    header, body = lines[0], lines[1:]
    for line in body:
        for index, column in enumerate(header):
            if chance.random() < 0.3 and column in ("note", "document_no", "owner_name", "name"):
                line[index] = f"{line[index]}改" if line[index] else ""
            if chance.random() < 0.3 and column in ("invested_ytd_yuan", "amount_yuan"):
                line[index] = line[index] and str(int(line[index]) + 1)
    if not FACT_KINDS[name].key:
        body = [line for line in body for _ in range(chance.choice((0, 1, 1, 2)))] or body
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows([header, *body])
    return sink.getvalue()


def same(one: Facts, other: Facts) -> bool:
    return all(rows(one, name) == rows(other, name) for name in FACT_KINDS)


@pytest.mark.parametrize("seed", range(4))
async def test_imports_undone_one_after_another_leave_the_facts_of_before(
    office: httpx.AsyncClient, seed: int
) -> None:
    """Whatever they changed; and what was known before they were undone stays known."""
    chance = Random(seed)
    await imported(office, zipped(GOLDEN / "county"))
    states, numbers = [await facts_of(office)], list[int]()
    for _ in range(3):
        numbers.append(await import_files(office, **changed_ledger(chance)))
        states.append(await facts_of(office))
    moment = (await office.get("/v1/facts")).json()["known_at"]
    for number, before in zip(reversed(numbers), reversed(states[:-1]), strict=True):
        undone = await undo(office, number)
        assert (undone.status_code, undone.json()["state"]) == (200, "undone"), undone.text
        assert same(await facts_of(office), before)
    assert same(await facts_of(office, known_at=moment), states[-1])


async def test_a_first_import_undone_leaves_nothing_and_can_come_again(
    office: httpx.AsyncClient,
) -> None:
    number = await import_files(office, units=UNITS, projects=PROJECTS, progress=PROGRESS.format(5))
    preview = (await office.get(f"/v1/imports/{number}/undo")).json()
    gone = {"added": 0, "superseded": 1}
    assert preview == {
        "is_possible": True,
        "changes": {"units": gone, "projects": gone, "progress": gone},
        "uses": 0,
        "first_uses": [],
    }
    first = (await undo(office, number)).json()
    assert (first["undone_by"], first["undone_why"]) == ("the office", "传错了文件")
    assert first["undone_changes"] == preview["changes"]
    assert all(not table.num_rows for table in (await facts_of(office)).tables.values())
    assert (await office.get("/v1/projects/P001")).status_code == 404
    history = (await office.get("/v1/units/U01/history")).json()
    assert [each["superseded_at"] for each in history] == [first["undone_at"]]
    await import_files(office, units=UNITS, projects=PROJECTS)
    assert (await facts_of(office)).tables["projects"].num_rows == 1


async def test_again_it_changes_nothing_and_is_told_once(office: httpx.AsyncClient) -> None:
    number = await import_files(office, units=UNITS)
    first = await undo(office, number)
    again = await undo(office, number)
    assert (again.status_code, again.json()) == (200, first.json())
    events = (await office.get("/v1/events")).json()["items"]
    assert [each["kind"] for each in events] == ["ledger.imported", "ledger.undone"]
    [told] = (await office.get("/v1/audit", params={"subject": f"imports/{number}"})).json()[
        "items"
    ][1:]
    assert (told["action"], told["after"]["why"]) == ("ledger.undone", "传错了文件")
    assert told["after"]["changes"] == {"units": {"added": 0, "superseded": 1}}
    done = (await office.get(f"/v1/imports/{number}/undo")).json()
    assert (done["is_possible"], done["changes"]) == (False, told["after"]["changes"])
    refused = await office.post(f"/v1/imports/{number}/apply")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/import-undone")


async def test_what_was_corrected_since_stands_against_it(office: httpx.AsyncClient) -> None:
    await import_files(office, units=UNITS, projects=PROJECTS)
    number = await import_files(office, progress=PROGRESS.format(5))
    seen = await office.get("/v1/projects/P001/progress/2022-06-30")
    corrected = await office.put(
        "/v1/projects/P001/progress/2022-06-30",
        json={"invested_ytd_yuan": 6},
        headers={"if-match": seen.headers["etag"]},
    )
    assert corrected.status_code == 200
    await check_refused(office, number, [("progress", ["P001", "2022-06-30"], "corrected")])
    assert (await table_of(office, "progress"))["invested_ytd_yuan"].to_pylist() == [6]


async def test_what_refers_to_it_since_stands_against_it(office: httpx.AsyncClient) -> None:
    number = await import_files(office, units=UNITS, projects=PROJECTS)
    await put(office, "projects/P001/progress/2022-06-30", invested_ytd_yuan=5)
    await put(office, "projects/P001/progress/2022-07-31", invested_ytd_yuan=6)
    against = [("progress", ["P001", f"2022-{day}"], "referred") for day in ("06-30", "07-31")]
    await check_refused(office, number, against)


async def test_a_unit_that_an_office_below_names_stands_against_it(as_: As) -> None:
    city, county = as_("office", "9901"), as_("office")
    number = await import_files(city, units=UNITS)
    await put(county, "projects/P001", name="沙棘", unit_id="990100:U01", nature="new")
    await check_refused(city, number, [("projects", ["P001"], "referred")])


async def test_an_import_that_a_later_one_rests_on_is_undone_after_it(
    office: httpx.AsyncClient,
) -> None:
    first = await import_files(office, units=UNITS, projects=PROJECTS)
    second = await import_files(office, projects=PROJECTS.replace("沙棘", "沙棘加工"))
    third = await import_files(office, progress=PROGRESS.format(5))
    against = [
        ("projects", ["P001"], "corrected"),
        ("progress", ["P001", "2022-06-30"], "referred"),
    ]
    await check_refused(office, first, against)
    for number in (third, second, first):
        assert (await undo(office, number)).status_code == 200
    assert all(not table.num_rows for table in (await facts_of(office)).tables.values())


async def test_what_it_replaced_comes_back_whosever_it_was(
    office: httpx.AsyncClient, as_: As, sessions: Sessions
) -> None:
    await import_files(office, units=UNITS, projects=PROJECTS)
    path = "/v1/projects/P001/progress/2022-06-30"
    written = await as_("unit", unit_id="U01").put(path, json={"invested_ytd_yuan": 5})
    assert written.status_code == 201
    before = (await office.get(path)).json()
    number = await import_files(office, progress=PROGRESS.format(6))
    await undo(office, number)
    after = (await office.get(path)).json()
    anew = {"version", "recorded_at"}
    assert {k: v for k, v in after.items() if k not in anew} == {
        k: v for k, v in before.items() if k not in anew
    }
    assert after["version"] > before["version"]


async def test_a_reason_like_an_imports_makes_nobodys_record_its_own(
    office: httpx.AsyncClient,
) -> None:
    await import_files(office, units=UNITS, projects=PROJECTS)
    number = await import_files(office, progress=PROGRESS.format(5))
    path = "projects/P001/progress/2022-07-31"
    await put(office, path, invested_ytd_yuan=7, why=f"imports/{number}")
    assert (await undo(office, number)).status_code == 200
    assert (await office.get(f"/v1/{path}")).status_code == 200


async def test_what_it_would_lead_to_again_has_to_be_there(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    """As after a project was withdrawn by another way than this import."""
    two = PROJECTS + "P002,光伏,U01,new\n"
    header = "problem_id,project_id,category,raised_on,summary\n"
    await import_files(
        office, units=UNITS, projects=two, problems=f"{header}Q1,P001,land,2022-03-01,征地\n"
    )
    number = await import_files(office, problems=f"{header}Q1,P002,land,2022-03-01,征地\n")
    withdrawn = "UPDATE registry.projects SET superseded_at = now() WHERE project_id = 'P001'"
    async with sessions.begin() as session:
        await (await session.connection()).execute(text(withdrawn))
    await check_refused(office, number, [("problems", ["Q1"], "missing")])


async def test_only_what_was_applied_is_undone_and_only_by_its_office(as_: As) -> None:
    office = as_("office")
    waiting = (await upload(office, zipped_files({"units.csv": UNITS})))["id"]
    for answer in (await undo(office, waiting), await office.get(f"/v1/imports/{waiting}/undo")):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/import-not-applied")
    await apply(office, waiting)
    assert (await undo(as_("office", "990102"), waiting)).status_code == 404
    city = await undo(as_("office", "9901"), waiting)
    assert (city.status_code, city.json()["type"]) == (403, "/problems/other-office")
    blank = await office.post(f"/v1/imports/{waiting}/undo", json={"why": ""})
    assert blank.status_code == 422
    assert (await table_of(office, "units")).num_rows == 1


async def check_refused(
    client: httpx.AsyncClient, number: int, against: list[tuple[str, list[str], str]]
) -> None:
    """It is refused, and what stands against it is told before and then."""
    before = await facts_of(client)
    preview = (await client.get(f"/v1/imports/{number}/undo")).json()
    refused = await undo(client, number)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/import-in-use")
    for told in (preview, refused.json()):
        assert told["uses"] == len(against)
        assert [use_of(each) for each in told["first_uses"]] == against
    assert not preview["is_possible"]
    assert same(await facts_of(client), before)


def use_of(told: dict[str, Any]) -> tuple[str, list[str], str]:
    return told["kind"], told["key"], told["reason"]
