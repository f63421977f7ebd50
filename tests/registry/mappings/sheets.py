"""An office's own sheet in the manner of case 40a, as of any month, and what one does with it."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from xlsxwriter import Workbook

from tests.paths import ROOT

FLAT = ROOT / "tests/shared/ledger/intake/40a_flat_office_ledger.xlsx"
NAME = "月度台账"
MADE = datetime(2022, 10, 1)  # noqa: DTZ001 -- as workbooks have it, without a zone
# Name, unit, nature, from when to when, total, plan of the year.
PROJECTS = (
    ("东区学校", "住建局", "新建", "2022.3-2023.12", 12_000, 6_000),
    ("城北水厂", "水利局", "新建", "2022.8-2024.6", 8_000, 4_000),
    ("滨河公路", "交通局", "续建", "2021.5-2023.10", 30_000, 10_000),
)
HEADS = ("序号", "项目名称", "建设性质", "建设起止年限", "总投资", "{year}年计划投资")
HEADS_OF_MONTH = ("1-{month}月完成投资", "形象进度", "责任单位", "包联领导")
NEW_UNITS = "new:department:县直部门"
SEPTEMBER = (4_500, 1_000, 8_000)
OCTOBER = (5_000, 1_500, 8_800)


def build_sheet(
    done: Sequence[int], *, month: int = 9, projects: Sequence[tuple[Any, ...]] = PROJECTS
) -> bytes:
    """The sheet at the end of a month of 2022."""
    sink = io.BytesIO()
    book = Workbook(sink, {"in_memory": True})
    book.set_properties({"created": MADE})  # the same bytes each time
    page = book.add_worksheet("2022年台账")
    last = {9: 30, 10: 31}[month]
    page.merge_range(0, 0, 0, 9, f"XX县2022年重点项目进展情况台账（截至{month}月{last}日）")
    page.write(1, 7, "单位：万元")
    heads = [text.format(year=2022, month=month) for text in (*HEADS, *HEADS_OF_MONTH)]
    page.write_row(2, 0, heads)
    for number, (project, amount) in enumerate(zip(projects, done, strict=True), 1):
        name, unit, nature, period, total, plan = project
        row = [number, name, nature, period, total, plan, amount, "主体施工", unit, "甲某某"]
        page.write_row(number + 2, 0, row)
    book.close()
    return sink.getvalue()


async def suggest(client: httpx.AsyncClient, content: bytes) -> dict[str, Any]:
    answer = await client.post("/v1/mappings/suggestions", files=named(content))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def keep(client: httpx.AsyncClient, document: Mapping[str, Any], name: str = NAME) -> None:
    answer = await client.put(f"/v1/mappings/{name}", json={"document": document})
    assert answer.status_code == 201, answer.text


async def send(
    client: httpx.AsyncClient, content: bytes, mapping: str | None = NAME
) -> dict[str, Any]:
    """Upload an own sheet by a mapping, or to be recognised."""
    asked = {"mapping": mapping} if mapping else {}
    answer = await client.post("/v1/imports", params=asked, files=named(content))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def reply(
    client: httpx.AsyncClient, import_id: int, answers: Mapping[str, str]
) -> dict[str, Any]:
    answer = await client.post(f"/v1/imports/{import_id}/answers", json={"answers": answers})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def new_units(questions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Every unit that is asked about is a new department."""
    return {each["key"]: NEW_UNITS for each in questions}


def named(content: bytes) -> dict[str, tuple[str, bytes]]:
    return {"file": ("九月台账.xlsx", content)}
