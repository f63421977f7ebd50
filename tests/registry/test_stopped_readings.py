"""A file that needs too much is refused like any other, and the service goes on."""

import io

import httpx
import pytest

from services.registry.ledger import service
from shared.child_processes.limits import MB, Limits
from tests.paths import ROOT

INTAKE = ROOT / "tests/shared/ledger/intake"


async def test_one_space_in_the_last_cell_ends_nothing(office: httpx.AsyncClient) -> None:
    content = (INTAKE / "13_space_in_last_cell.xlsx").read_bytes()
    answer = await office.post("/v1/imports", files={"file": ("表.xlsx", io.BytesIO(content))})
    assert answer.status_code == 201
    read = await office.get(f"/v1/imports/{answer.json()['id']}")
    assert read.json()["state"] in {"refused", "checked"}


async def test_a_reading_that_was_stopped_is_a_finding(
    office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "upload_limits", lambda _: Limits(1 * MB, 5, 5))
    content = (INTAKE / "00_base.xlsx").read_bytes()
    answer = await office.post("/v1/imports", files={"file": ("表.xlsx", io.BytesIO(content))})
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["errors"]) == ("refused", 1)
    (finding,) = answer.json()["findings"]
    assert finding["code"] == "reading_stopped"
    assert finding["sheet"] == "表.xlsx"
    monkeypatch.undo()
    again = await office.post("/v1/imports", files={"file": ("表.xlsx", io.BytesIO(content))})
    assert "reading_stopped" not in {found["code"] for found in again.json()["findings"]}
