"""Runs of before the content digest: found again, repeated, and kept as they are."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pyarrow as pa
import pytest

from services.scoring.execution.facts_storage import from_parquet, to_parquet
from services.scoring.execution.sequence_digest import digest_row_sequence
from services.scoring.facts_store import service as facts_store
from services.scoring.runs import service as runs
from services.scoring.tables import Run, UsedFacts
from shared.database.sessions import Sessions
from shared.facts.tables import Facts, UnknownFacts
from tests.scoring.service.conftest import ledger
from tests.scoring.service.registry import Registry
from tests.scoring.service.test_run_identity import count
from tests.scoring.service.test_runs import DAY, begun

FIRST = digest_row_sequence(ledger("county"))


@contextmanager
def as_then() -> Iterator[None]:
    """Runs are stored as before: under the first form, and every table of then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "digest_facts", digest_row_sequence)
        yield


async def test_a_question_asked_again_finds_the_run_of_then(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    with as_then():
        first = await begun(office)
    again = await office.post("/v1/runs", json={"as_of": DAY})

    assert first["facts_digest"] == FIRST
    assert (again.status_code, again.json()) == (200, first)
    assert await count(sessions, Run) == 1


async def test_a_run_of_then_repeats_and_is_checked_by_its_form(office: httpx.AsyncClient) -> None:
    with as_then():
        run = await begun(office)
    repeated = (await office.post(f"/v1/runs/{run['id']}/repeat")).json()
    assert (repeated["same"], repeated["facts_digest"]) == (True, FIRST)


async def test_the_first_form_is_made_only_for_questions_that_have_it(
    office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_then():
        old = await begun(office, as_of="2022-09-30")

    def refuse(facts: Facts) -> str:
        raise AssertionError

    monkeypatch.setattr("services.scoring.execution.content_digest.digest_row_sequence", refuse)
    new = await begun(office)
    assert await begun(office) == new
    repeated = (await office.post(f"/v1/runs/{new['id']}/repeat")).json()
    assert (repeated["same"], repeated["facts_digest"][:2]) == (True, "2:")
    assert new["facts_digest"] != old["facts_digest"]


class TestACorrection:
    @pytest.fixture
    def registry(self, corrected: Registry) -> Registry:
        return corrected

    async def test_other_facts_than_those_of_then_are_a_new_run(
        self, office: httpx.AsyncClient, corrected: Registry
    ) -> None:
        with as_then():
            old = await begun(office, known_at=corrected.then.isoformat())
        new = await begun(office)
        then = await begun(office, known_at=corrected.then.isoformat())
        assert (old["facts_digest"], then) == (FIRST, old)
        assert new["id"] != old["id"]


async def test_a_table_that_was_empty_or_unknown_is_empty(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    run = await begun(office)
    async with sessions() as session:
        kept = await facts_store.load_facts(session, run["facts_digest"])
        units = await facts_store.load_facts_table(session, run["facts_digest"], "units")
        indicators = await facts_store.load_facts_table(session, run["facts_digest"], "indicators")
    present = [table for table in ledger("county").tables.values() if table.num_rows]
    assert await count(sessions, UsedFacts) == len(present)
    assert kept == ledger("county")
    assert (units, indicators.num_rows) == (kept.tables["units"], 0)


def test_kept_facts_are_read_by_the_names_of_columns() -> None:
    units = ledger("county").tables["units"]
    then = units.select(["name", "unit_id", "kind", "group"])
    found = from_parquet("units", to_parquet(then))
    assert found.schema == units.schema
    assert found.drop_columns(["region_code"]) == units.drop_columns(["region_code"])
    assert found["region_code"].null_count == found.num_rows

    projects = ledger("county").tables["projects"]
    found = from_parquet("projects", to_parquet(projects.drop_columns(["programs"])))
    assert found["programs"].to_pylist() == [[]] * projects.num_rows

    gone = units.append_column("chief", pa.nulls(units.num_rows, pa.string()))
    with pytest.raises(UnknownFacts, match="units 表的模型里已没有 chief 列"):
        from_parquet("units", to_parquet(gone))
