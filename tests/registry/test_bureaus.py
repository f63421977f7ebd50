"""An approval bureau and the permits that it grants, of the projects of its region."""

from typing import Any

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import As, imported, zipped

GRANTING, OTHER = "U06", "U02"  # every permit of the golden county is granted by the first
PERMITS = "/v1/projects/P046/permits"
OWN = {"authority_unit_id": GRANTING, "granted_on": "2022-11-18"}


@pytest.fixture
async def bureau(as_: As) -> httpx.AsyncClient:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    return as_("approval", unit_id=GRANTING)


async def kinds(client: httpx.AsyncClient) -> set[str]:
    found: list[dict[str, Any]] = (await client.get(PERMITS)).json()["items"]
    return {permit["kind"] for permit in found}


async def test_it_reads_its_permits_and_no_others(bureau: httpx.AsyncClient, as_: As) -> None:
    office = as_("office")
    before = await kinds(bureau)
    await office.put(f"{PERMITS}/fire", json={"authority_unit_id": OTHER})
    await office.put(f"{PERMITS}/water", json={})

    assert await kinds(bureau) == before == await kinds(office) - {"fire", "water"} != set()
    assert await kinds(as_("approval", unit_id=OTHER)) == {"fire"}
    assert await kinds(as_("approval")) == set()
    for kind in ("fire", "water"):
        assert (await bureau.get(f"{PERMITS}/{kind}")).status_code == 404
        assert (await bureau.get(f"{PERMITS}/{kind}/history")).status_code == 404


async def test_it_records_what_it_grants(bureau: httpx.AsyncClient, as_: As) -> None:
    added = await bureau.put(f"{PERMITS}/fire", json=OWN)
    assert added.status_code == 201, added.text

    moved = OWN | {"granted_on": "2022-11-21"}
    changed = await bureau.put(f"{PERMITS}/fire", json=moved, headers={"if-match": "1"})
    assert changed.status_code == 412
    seen = {"if-match": added.headers["etag"]}
    changed = await bureau.put(f"{PERMITS}/fire", json=moved, headers=seen)
    assert changed.status_code == 200, changed.text
    assert (await as_("office").get(f"{PERMITS}/fire")).json() == changed.json()


@pytest.mark.parametrize("authority", [OTHER, None])
async def test_it_grants_for_no_other(bureau: httpx.AsyncClient, authority: str | None) -> None:
    before = await kinds(bureau)
    for_another = OWN | {"authority_unit_id": authority}
    assert (await bureau.put(f"{PERMITS}/fire", json=for_another)).status_code == 403
    # Nor does it hand over one of its own.
    mine = await bureau.get(f"{PERMITS}/eia")
    seen = {"if-match": mine.headers["etag"]}
    handed = await bureau.put(f"{PERMITS}/eia", json=for_another, headers=seen)
    assert handed.status_code == 403
    assert await kinds(bureau) == before


async def test_it_does_not_take_anothers_permit(bureau: httpx.AsyncClient, as_: As) -> None:
    await as_("office").put(f"{PERMITS}/fire", json={"authority_unit_id": OTHER})
    assert (await bureau.put(f"{PERMITS}/fire", json=OWN)).status_code == 404


async def test_projects_elsewhere_do_not_exist_for_it(bureau: httpx.AsyncClient, as_: As) -> None:
    beside = as_("approval", "990102", GRANTING)
    assert (await beside.get(PERMITS)).status_code == 404
    assert (await beside.get(f"{PERMITS}/eia")).status_code == 404
    assert (await beside.put(f"{PERMITS}/fire", json=OWN)).status_code == 404
