"""A ledger goes in, and comes out as it was; again changes nothing; errors leave no trace."""

import csv
import io
import json
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from services.registry.worker import build_worker_config
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.facts.packed_facts import pack_part, whole_ledger
from shared.facts.tables import FACT_KINDS
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.registry.clients import (
    As,
    apply,
    do_jobs,
    facts_of,
    imported,
    ledger,
    rows,
    table_of,
    upload,
    zipped,
    zipped_files,
)


@pytest.mark.parametrize("name", ["small", "county"])
async def test_facts_are_those_of_the_ledger_in_its_order(
    office: httpx.AsyncClient, name: str
) -> None:
    changes = await imported(office, zipped(GOLDEN / name))
    found, expected = await facts_of(office), ledger(name)
    for table in FACT_KINDS:
        assert found.tables[table].to_pylist() == expected.tables[table].to_pylist()
        assert found.tables[table].schema == expected.tables[table].schema
    counts = {t: {"added": f.num_rows, "superseded": 0} for t, f in expected.present.items()}
    assert changes == counts


async def test_the_same_ledger_again_changes_nothing(office: httpx.AsyncClient) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    before = await facts_of(office)
    assert await imported(office, zipped(GOLDEN / "county")) == {}
    after = await facts_of(office)
    assert all(before.tables[name].equals(after.tables[name]) for name in FACT_KINDS)


async def test_what_is_exported_can_be_imported_again_without_change(
    office: httpx.AsyncClient,
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    workbook = (await office.get("/v1/exports/ledger.xlsx")).content
    assert await imported(office, workbook) == {}


async def test_a_correction_supersedes_one_row_and_adds_one(office: httpx.AsyncClient) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    progress = (GOLDEN / "county" / "progress.csv").read_text(encoding="utf-8")
    changed = progress.replace("P024,2022-06-30,24000000", "P024,2022-06-30,23000000")
    assert changed != progress
    changes = await imported(office, zipped(GOLDEN / "county", progress=changed))
    assert changes == {"progress": {"added": 1, "superseded": 1}}


async def test_facts_without_a_key_are_counted_and_corrected_together(
    office: httpx.AsyncClient,
) -> None:
    """Two equal payments are two; a pause that ended replaces the open one of its first day."""
    header = "unit_id,project_id,source,event,amount_yuan,on\n"
    payment = "U06,P017,central_budget,paid,100,2022-02-06\n"
    pauses = "project_id,from_on,to_on,reason,approved\nP018,2022-11-21,{},征地未完成,true\n"

    def sent(payments: int, to_on: str = "") -> bytes:
        return zipped(
            GOLDEN / "county", funds=header + payments * payment, pauses=pauses.format(to_on)
        )

    await imported(office, sent(2))
    assert await imported(office, sent(3)) == {"funds": {"added": 1, "superseded": 0}}
    assert await imported(office, sent(3)) == {}
    assert await imported(office, sent(1, "2022-12-01")) == {
        "funds": {"added": 0, "superseded": 2},
        "pauses": {"added": 1, "superseded": 1},
    }


async def test_texts_arrive_as_they_are_written(office: httpx.AsyncClient) -> None:
    name, program = 'two\n"lines", \\. and \\N', 'a "word" {or} \\two'
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(
        [
            ["project_id", "name", "unit_id", "nature", "programs", "owner_name"],
            ["P001", name, "U01", "new", f"{program};NULL", "NULL"],
        ]
    )
    units = "unit_id,name,kind,group\nU01,发展和改革局,department,departments\n"
    await imported(office, zipped_files({"units.csv": units, "projects.csv": sink.getvalue()}))
    [project] = (await facts_of(office)).tables["projects"].to_pylist()
    assert (project["name"], project["programs"]) == (name, [program, "NULL"])
    assert (project["owner_name"], project["key_levels"]) == ("NULL", [])


async def test_errors_are_those_of_the_command_line_and_nothing_is_applied(
    office: httpx.AsyncClient,
) -> None:
    broken = "project_id,as_of,invested_ytd_yuan,physical_pct,note\nP999,2022-02-30,zwölf,120%,\n"
    uploaded = await upload(office, zipped(GOLDEN / "county", progress=broken))

    expected = read_zipped(zipped(GOLDEN / "county", progress=broken))
    assert uploaded["state"] == "refused"
    told = [dict(finding) for finding in uploaded["findings"]]
    titles = {finding["sheet"]: finding.pop("sheet_title") for finding in told}
    assert titles == {"units": "单位", "projects": "项目", "progress": "进度"}
    letters = [finding.pop("column_letter") for finding in told]
    assert told == expected
    assert set(letters[-3:]) <= {"A", "B", "C", "D"}
    assert uploaded["errors"] == sum(f["level"] == "error" for f in expected) == 3

    answer = await office.post(f"/v1/imports/{uploaded['id']}/apply")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/ledger-refused"
    refused = answer.json()["findings"]
    assert refused == [{**e, "column_letter": of} for e, of in zip(expected, letters, strict=True)]
    assert (await facts_of(office)).tables["units"].num_rows == 0


def read_zipped(content: bytes) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
        return [asdict(finding) for finding in read_ledger(Path(folder), region_codes()).findings]


async def test_what_is_no_ledger_is_said_to_be_none(office: httpx.AsyncClient) -> None:
    uploaded = await upload(office, b"not a workbook")
    assert [f["code"] for f in uploaded["findings"]] == ["unreadable_file"]


async def test_an_import_is_applied_once_and_read_again(office: httpx.AsyncClient) -> None:
    uploaded = await upload(office, zipped(GOLDEN / "small"))
    assert uploaded["state"] == "checked"
    first = await apply(office, uploaded["id"])
    assert first["state"] == "applied"
    again = await office.post(f"/v1/imports/{uploaded['id']}/apply")
    assert (again.status_code, again.json()) == (202, first)
    assert await apply(office, uploaded["id"]) == first


async def test_asked_twice_it_waits_once_with_nothing_done(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    uploaded = await upload(office, zipped(GOLDEN / "small"))
    path = f"/v1/imports/{uploaded['id']}"
    first = await office.post(f"{path}/apply")
    second = await office.post(f"{path}/apply")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json() == (await office.get(path)).json()
    assert first.json()["state"] == "applying"
    waiting = {name: {"done": 0, "of": rows} for name, rows in uploaded["counts"].items()}
    assert first.json()["progress"] == waiting
    whole = {"done": 0, "of": sum(uploaded["counts"].values())}
    assert first.json()["progress_total"] == whole
    assert uploaded["progress_total"] is None
    assert (await office.get("/v1/events")).json()["items"] == []
    assert await jobs_there(sessions) == ["queued"]
    await do_jobs(office)
    events = (await office.get("/v1/events")).json()["items"]
    assert [event["kind"] for event in events] == ["ledger.imported"]


async def test_imports_are_listed_to_the_office_of_their_region(as_: As) -> None:
    office, neighbour = as_("office"), as_("office", "990102")
    uploads = [await upload(office, zipped(GOLDEN / "small")) for _ in range(3)]
    await apply(office, uploads[0]["id"])
    first = (await office.get("/v1/imports", params={"limit": 2})).json()
    rest = (await office.get("/v1/imports", params={"after": first["next"]})).json()
    listed = first["items"] + rest["items"]
    assert [each["id"] for each in listed] == [each["id"] for each in uploads]
    assert [each["state"] for each in listed] == ["applied", "checked", "checked"]
    assert rest["next"] is None
    latest = (await office.get("/v1/imports", params={"order": "latest", "limit": 2})).json()
    before = {"order": "latest", "after": latest["next"], "totals": "true"}
    older = (await office.get("/v1/imports", params=before)).json()
    assert latest["items"] + older["items"] == listed[::-1]
    assert (older["totals"], latest["totals"]) == ({"count": 3}, None)
    others = (await neighbour.get("/v1/imports", params={"totals": "true"})).json()
    assert (others["items"], others["next"], others["totals"]) == ([], None, {"count": 0})
    hidden = f"/v1/imports/{uploads[0]['id']}"
    for method, below in (("GET", ""), ("GET", "/changes"), ("POST", "/apply")):
        assert (await neighbour.request(method, f"{hidden}{below}")).status_code == 404


async def test_rows_of_another_region_are_refused(as_: As) -> None:
    uploaded = await upload(as_("office", "990102"), zipped(GOLDEN / "county"))
    assert uploaded["state"] == "refused"
    outside = [f for f in uploaded["findings"] if f["code"] == "outside_region"]
    assert [(f["sheet"], f["row"], f["value"], f["count"]) for f in outside] == [
        ("units", 2, "990101", 12),
        ("projects", 2, "990101", 60),
    ]
    assert uploaded["errors"] == 72


async def test_an_import_that_waits_since_regions_were_not_checked_fails(
    as_: As, sessions: Sessions
) -> None:
    neighbour = as_("office", "990102")
    waiting = await wait_unchecked(neighbour, sessions)
    failed = await apply(neighbour, waiting)
    assert failed["state"] == "failed"
    assert failed["problem"]["type"] == "/problems/outside-region"
    assert failed["problem"]["detail"].endswith("不属于 990102")
    in_english = {"accept-language": "en"}
    path = f"/v1/imports/{waiting}"
    english = (await neighbour.get(path, headers=in_english)).json()["problem"]
    assert english["title"] == "The row belongs to another region."
    assert english["detail"].startswith("Not of 990102: units ")
    assert (await facts_of(as_("office", ""))).tables["units"].num_rows == 0

    again = await neighbour.post(f"{path}/apply")
    assert (again.json()["state"], again.json()["problem"]) == ("applying", None)
    await do_jobs(neighbour)
    assert (await neighbour.get(path)).json()["problem"] == failed["problem"]


async def test_one_that_failed_may_be_asked_for_before_its_job_is_cleared_away(
    as_: As, sessions: Sessions
) -> None:
    neighbour = as_("office", "990102")
    waiting = await wait_unchecked(neighbour, sessions)
    assert (await apply(neighbour, waiting))["state"] == "failed"
    await ask_and_fail(neighbour, sessions, waiting)
    await neighbour.post(f"/v1/imports/{waiting}/apply")
    assert await jobs_there(sessions) == ["picked", "queued"]


async def wait_unchecked(client: httpx.AsyncClient, sessions: Sessions) -> int:
    """The number of an import of the county that waits as if its regions had not been checked."""
    refused = await upload(client, zipped(GOLDEN / "county"))
    kept = (
        "INSERT INTO registry.imports (uploaded_at, uploaded_by, region_code, office, name, digest,"
        " errors, warnings, findings, counts, facts) SELECT uploaded_at, uploaded_by, region_code,"
        " office, name, digest, 0, warnings, findings, counts, :facts FROM registry.imports"
        " WHERE id = :id RETURNING id"
    )
    facts = pack_part(whole_ledger(ledger("county")))
    async with sessions.begin() as session:
        connection = await session.connection()
        found = await connection.scalar(text(kept), {"facts": facts, "id": refused["id"]})
    return int(found)


async def jobs_there(sessions: Sessions) -> list[str]:
    async with sessions.begin() as session:
        query = text("SELECT status::text FROM registry.jobs ORDER BY id")
        return list(await (await session.connection()).scalars(query))


async def ask_and_fail(client: httpx.AsyncClient, sessions: Sessions, import_id: int) -> None:
    """As a worker does that is killed between its work and telling the queue of it."""
    await client.post(f"/v1/imports/{import_id}/apply")
    async with sessions.begin() as session:
        picked = text("UPDATE registry.jobs SET status = 'picked' RETURNING entrypoint, payload")
        ((name, payload),) = await (await session.connection()).execute(picked)
    await build_worker_config(sessions).handlers[name](Job(json.loads(payload)))
    assert (await client.get(f"/v1/imports/{import_id}")).json()["state"] == "failed"


async def test_a_neighbour_has_projects_of_the_same_numbers_for_itself(as_: As) -> None:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    files = {
        name: (GOLDEN / "county" / f"{name}.csv").read_text(encoding="utf-8")
        for name in ("units", "projects")
    }
    moved = {name: text.replace("990101", "990102") for name, text in files.items()}
    neighbour = as_("office", "990102")
    changes = await imported(neighbour, zipped(GOLDEN / "county", **moved))
    own = ledger("county")
    assert changes["projects"]["added"] == own.tables["projects"].num_rows
    for name in FACT_KINDS:
        assert rows(await facts_of(as_("office")), name) == rows(own, name)
        beside = (await table_of(neighbour, name)).num_rows
        assert beside == own.tables[name].num_rows


async def test_facts_come_as_lines_too(office: httpx.AsyncClient) -> None:
    await imported(office, zipped(GOLDEN / "small"))
    answer = await office.get("/v1/facts/units", headers={"accept": "application/x-ndjson"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert len(answer.text.splitlines()) == ledger("small").tables["units"].num_rows
