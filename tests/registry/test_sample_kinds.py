"""Every kind of fact, those of samples too: in and out of ledgers of both forms, alike."""

from pathlib import Path

import httpx
import pytest

from services.registry.resources import RESOURCES
from services.scoring.engine.what_if.changes import LedgerTable
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.tokens import REGION_WIDE, Role
from shared.ledger.reader import read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, facts_of, imported, rows, table_of, upload, zipped
from tests.samples import READERS, SAMPLES, sample_files

BESIDE, UNIT, OTHER_UNIT = "990102", "U02", "U03"
RESOURCE_OF_KIND = {each.kind.name: each for each in RESOURCES if not each.part}


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    changes = await imported(office, zipped(GOLDEN / "county", **sample_files()))
    for name, sample in SAMPLES.items():
        assert changes[name] == {"added": len(sample.rows), "superseded": 0}
    return office


@pytest.mark.parametrize("form", ["ledger.xlsx", "ledger"])
async def test_a_ledger_of_either_form_brings_them_back(
    county: httpx.AsyncClient, tmp_path: Path, form: str
) -> None:
    before = await facts_of(county)
    write_ledger(before, tmp_path / form)
    again: Facts = read_ledger(tmp_path / form, region_codes()).accepted()
    for name in FACT_KINDS:
        assert rows(again, name) == rows(before, name), name
    assert {name for name in SAMPLES if again.tables[name].num_rows} == {*SAMPLES}


async def test_what_is_exported_changes_nothing_when_it_comes_again(
    county: httpx.AsyncClient,
) -> None:
    exported = (await county.get("/v1/exports/ledger.xlsx")).content
    uploaded = await upload(county, exported)
    assert uploaded["errors"] == 0, uploaded["findings"]
    preview = await county.get(f"/v1/imports/{uploaded['id']}/changes")
    assert preview.json() == {}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("role", READERS)
async def test_they_are_seen_by_those_whose_they_are(
    county: httpx.AsyncClient, as_: As, name: str, role: Role
) -> None:
    """All of them by the office and its unit, none by another unit, and none in another county."""
    sample, wide = SAMPLES[name], role in REGION_WIDE
    place = f"/v1{RESOURCE_OF_KIND[name].list_path}".format(**sample.rows[0])
    for region, unit, sees in (
        (REGION, UNIT, True),
        (REGION, OTHER_UNIT, wide or sample.whole_region),
        (BESIDE, UNIT, False),
    ):
        client = as_(role, region, unit)
        sees = sees and role in sample.readers
        number = len(sample.rows) if sees else 0
        listed = await client.get(place, params={"office": REGION})
        refused = role not in sample.readers
        assert listed.status_code in ({403} if refused else {200} if sees else {200, 404})
        assert len(listed.json().get("items", ())) == number
        if role in (Role.office, Role.unit, Role.inspector):
            assert (await table_of(client, name, office=REGION)).num_rows == number


def test_every_kind_is_a_table_of_what_if_questions() -> None:
    assert LedgerTable.labels() == {kind.name: kind.zh for kind in FACT_KINDS.values()}
