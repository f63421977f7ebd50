"""A unit that another office names while its own takes it away, with commits that last."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.import_undo import service as import_undo
from services.registry.ledger import kept_imports
from services.registry.ledger import service as ledger
from services.registry.voids import service as voids
from services.registry.voids.schemas import RecordKind, VoidForm
from shared.database.sessions import Sessions, create_sessions
from shared.facts.packed_facts import unpack_part
from shared.http.tokens import Caller, Issuer, Role
from tests.registry.clients import (
    REGION,
    As,
    apply,
    items,
    put,
    speaking,
    upload,
    zipped_files,
)
from tests.registry.test_import_undo import UNITS, check_refused, import_files, undo
from tests.registry.voids.test_voids import record, void, voided
from tests.registry.waiting_requests import send_waiting

CITY = "990100"
CITY_OFFICE, COUNTY_OFFICE = (Caller("the office", Role.office, it) for it in ("9901", REGION))
NAMING = "project_id,name,unit_id,nature\n{},沙棘,990100:{},new\n"
ROUNDS = 5


async def add_unit(city: httpx.AsyncClient, unit: str) -> dict[str, Any]:
    await put(city, f"units/{unit}", name=f"局{unit}", kind="department", group="departments")
    return await record(city, f"units/{unit}")


def naming(county: httpx.AsyncClient, project: str, unit: str) -> Any:
    """A county's write of a project of a unit of the city."""
    body = {"name": "沙棘", "unit_id": f"{CITY}:{unit}", "nature": "new"}
    return county.put(f"/v1/projects/{project}", json=body)


async def upload_files(client: httpx.AsyncClient, **files: str) -> int:
    content = zipped_files({f"{name}.csv": text for name, text in files.items()})
    return int((await upload(client, content))["id"])


async def apply_within(session: AsyncSession, number: int, who: Caller) -> None:
    """Apply an import in a transaction that is left open."""
    content = await kept_imports.load_packed_facts(session, number)
    assert content is not None

    async def pass_over(name: str, rows: int) -> None:
        pass

    await ledger.apply_import(session, number, unpack_part(content), who, pass_over)


async def test_of_two_offices_at_once_one_takes_a_unit_away_or_one_names_it(
    committing: Callable[[], FastAPI], issuer: Issuer, url: str
) -> None:
    as_ = speaking(committing(), issuer)
    city, county = as_("office", "9901"), as_("office")
    holder = create_sessions(url.replace("@/postgres", "@/lasting"))
    await a_void_first(holder, city, county)
    await an_undoing_first(holder, city, county)
    await an_import_first(holder, city, county)
    await a_correction_first(holder, city, county)
    await an_import_checked_before_a_void(city, county)
    await now_one_now_the_other(city, county)
    await holder.kw["bind"].dispose()


async def a_void_first(
    holder: Sessions, city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    unit = await add_unit(city, "U01")
    async with holder.begin() as session:
        form = VoidForm(kind=RecordKind("units"), version=unit["version"], reason="误立")
        await voids.store_void(session, form, CITY_OFFICE)
        running = await send_waiting(session, naming(county, "P001", "U01"))
    assert (await running[0]).status_code == 422
    assert await items(county, "/v1/projects") == []


async def an_undoing_first(
    holder: Sessions, city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    number = await import_files(city, units=UNITS.replace("U01", "U02"))
    async with holder.begin() as session:
        await import_undo.undo_import(session, number, "传错了", CITY_OFFICE, english=False)
        running = await send_waiting(session, naming(county, "P001", "U02"))
    assert (await running[0]).status_code == 422
    assert await items(county, "/v1/projects") == []


async def an_import_first(
    holder: Sessions, city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    """What names the unit first is found by whoever voids it or undoes its import."""
    for unit, problem in (("U03", "named-elsewhere"), ("U04", "import-in-use")):
        added = await import_files(city, units=UNITS.replace("U01", unit))
        version = (await record(city, f"units/{unit}"))["version"]
        file = NAMING.format(unit.replace("U", "P"), unit)
        number = await upload_files(county, projects=file)
        removal = void(city, "units", version) if unit == "U03" else undo(city, added)
        async with holder.begin() as session:
            await apply_within(session, number, COUNTY_OFFICE)
            running = await send_waiting(session, removal)
        refused = await running[0]
        assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{problem}")


async def a_correction_first(
    holder: Sessions, city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    """A unit that has another version meanwhile may be named as before."""
    await add_unit(city, "U05")
    number = await upload_files(city, units=UNITS.replace("U01", "U05"))
    async with holder.begin() as session:
        await apply_within(session, number, CITY_OFFICE)
        running = await send_waiting(session, naming(county, "P005", "U05"))
    assert (await running[0]).status_code == 201


async def an_import_checked_before_a_void(
    city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    unit = await add_unit(city, "U06")
    number = await upload_files(county, projects=NAMING.format("P006", "U06"))
    await voided(city, "units", unit["version"])
    failed = await apply(county, number)
    assert (failed["state"], failed["problem"]["type"]) == ("failed", "/problems/reference-gone")
    assert "990100:U06" in failed["problem"]["detail"]
    assert (await county.get("/v1/projects/P006")).status_code == 404


async def now_one_now_the_other(city: httpx.AsyncClient, county: httpx.AsyncClient) -> None:
    for number in range(ROUNDS):
        unit, project = f"U1{number}", f"P1{number}"
        version = (await add_unit(city, unit))["version"]
        pair = [void(city, "units", version), naming(county, project, unit)]
        answers = await asyncio.gather(*(pair if number % 2 else reversed(pair)))
        first, second = (each.status_code for each in (answers if number % 2 else answers[::-1]))
        assert (first, second) in {(201, 422), (409, 201)}


@pytest.fixture
def city(as_: As) -> httpx.AsyncClient:
    return as_("office", "9901")


async def test_an_undoing_does_not_name_again_a_unit_that_is_gone(
    city: httpx.AsyncClient, office: httpx.AsyncClient
) -> None:
    unit = await add_unit(city, "U01")
    await put(office, "units/U01", name="发改局", kind="department", group="departments")
    await import_files(office, projects=NAMING.format("P001", "U01"))
    own = NAMING.format("P001", "U01").replace("990100:", "")
    number = await import_files(office, projects=own)
    await voided(city, "units", unit["version"])
    await check_refused(office, number, [("projects", ["P001"], "missing")])
