"""Every kind of fact, those of samples too: in and out of ledgers of both forms, alike."""

from pathlib import Path

import httpx
import pytest

from services.scoring.engine.what_if.changes import LedgerTable
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.reader import read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.registry.clients import facts_of, imported, rows, upload, zipped
from tests.samples import SAMPLES, sample_files


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


def test_every_kind_is_a_table_of_what_if_questions() -> None:
    assert LedgerTable.labels() == {kind.name: kind.zh for kind in FACT_KINDS.values()}
