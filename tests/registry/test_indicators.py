"""Official statistics: a kind of fact as any other, of a region instead of a project."""

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, upload, zipped

PLACE = f"/v1/indicators/{REGION}/2022-09-30/fixed_asset_investment"
FIGURE = {"value": "12345678901.25", "source": "县统计局月报"}
HEADER = "region_code,period,indicator,value,source\n"


async def test_a_figure_is_recorded_corrected_and_remembered(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    first = await office.put(PLACE, json=FIGURE)
    again = await office.put(PLACE, json=FIGURE)
    unseen = await office.put(PLACE, json={**FIGURE, "value": -1})
    seen = {"if-match": first.headers["etag"]}
    corrected = await office.put(PLACE, json={**FIGURE, "value": -1}, headers=seen)
    history = (await office.get(f"{PLACE}/history")).json()

    codes = [answer.status_code for answer in (first, again, unseen, corrected)]
    assert codes == [201, 200, 412, 200]
    assert first.json()["value"] == "12345678901.2500"
    assert [record["value"] for record in history] == ["-1.0000", "12345678901.2500"]
    rows = await connection.execute(text("SELECT action, subject FROM registry.audit ORDER BY id"))
    subject = f"indicators/{REGION}/2022-09-30/fixed_asset_investment"
    assert rows.all() == [("indicators.recorded", subject), ("indicators.corrected", subject)]


async def test_lists_are_narrowed_and_facts_told_in_bulk(office: httpx.AsyncClient) -> None:
    await office.put(PLACE, json=FIGURE)
    await office.put(PLACE.replace("fixed_asset_investment", "游客人次"), json=FIGURE)

    listed = await office.get("/v1/indicators", params={"indicator": "游客人次"})
    bulk = await office.get("/v1/facts/indicators", headers={"accept": "application/x-ndjson"})

    assert [item["indicator"] for item in listed.json()["items"]] == ["游客人次"]
    assert bulk.text.count('"value": "12345678901.2500"') == 2


async def test_what_is_wrong_is_told(office: httpx.AsyncClient) -> None:
    refused = await office.put(PLACE, json={**FIGURE, "value": "1" + 15 * "0"})
    nothing = await office.put(PLACE, json={"value": 1})
    assert [error["code"] for error in refused.json()["errors"]] == ["bad_figure"]
    assert (refused.status_code, nothing.status_code) == (422, 422)


async def test_only_the_office_of_the_region_writes_and_the_region_reads(
    as_: As, office: httpx.AsyncClient
) -> None:
    await office.put(PLACE, json=FIGURE)

    beside, unit = as_("office", "990102"), as_("unit", REGION, "U01")

    assert (await unit.get(PLACE)).status_code == 200
    assert (await unit.put(PLACE, json=FIGURE)).status_code == 403
    assert (await beside.get(PLACE)).status_code == 404
    assert (await beside.put(PLACE, json=FIGURE)).status_code in (403, 404)
    assert (await beside.get("/v1/indicators")).json()["items"] == []
    other = PLACE.replace(REGION, "990103")
    assert (await beside.put(other, json=FIGURE)).status_code == 403


async def test_a_ledger_brings_figures_and_takes_them_out_again(office: httpx.AsyncClient) -> None:
    figures = (
        f'{HEADER}{REGION},2022-09,固投,"12,345.5",统计局\n{REGION},2022-06,游客人次,3,文旅局\n'
    )
    ledger = zipped(GOLDEN / "small", indicators=figures)

    changes = await imported(office, ledger)
    exported = (await office.get("/v1/exports/ledger.xlsx")).content
    again = await imported(office, exported)

    assert changes["indicators"] == {"added": 2, "superseded": 0}
    assert again == {}
    assert (await office.get(PLACE)).json()["value"] == "12345.5000"


async def test_a_figure_of_another_region_is_not_taken_over(office: httpx.AsyncClient) -> None:
    ledger = zipped(GOLDEN / "small", indicators=f"{HEADER}990102,2022-09,固投,1,统计局\n")
    uploaded = await upload(office, ledger)
    assert uploaded["state"] == "refused"
    outside = [f for f in uploaded["findings"] if f["code"] == "outside_region"]
    assert [(f["sheet"], f["row"], f["value"]) for f in outside] == [("indicators", 2, "990102")]
    assert (await office.get("/v1/indicators")).json()["items"] == []
