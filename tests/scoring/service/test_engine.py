"""Runs are computed where the service's settings say, and repeated there."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from fastapi import FastAPI

from services.scoring.execution.duckdb import QueryRunner, open_query_runner
from shared.facts.tables import Facts
from tests.scoring.service.test_runs import begun


async def test_the_services_engine_computes_runs_and_repetitions(
    scoring: FastAPI, office: httpx.AsyncClient
) -> None:
    asked: list[Facts] = []

    @contextmanager
    def noted(facts: Facts) -> Iterator[QueryRunner]:
        asked.append(facts)
        with open_query_runner(facts) as run:
            yield run

    scoring.state.engine = noted
    run = await begun(office)
    assert len(asked) == 1
    assert (await office.post(f"/v1/runs/{run['id']}/repeat")).json()["same"]
    assert len(asked) == 2
    await begun(office)  # it is stored already
    assert len(asked) == 2
