"""What a mapping cannot hold is refused or told, and nothing of it is parsed beside the answers."""

import io
import zipfile
from typing import Any

import httpx
import pytest
from xlsxwriter import Workbook

from shared.mapping.model import MAX_NAME, MAX_SHEETS
from shared.yaml_tree import MAX_NODES
from tests.registry.mappings.sheets import NAME, SEPTEMBER, build_sheet, keep, reply, send, suggest

PATH = f"/v1/mappings/{NAME}"


def build_workbook(*headers: list[str]) -> bytes:
    """A workbook with a sheet for each row of headings."""
    sink = io.BytesIO()
    book = Workbook(sink, {"in_memory": True})
    for headings in headers:
        page = book.add_worksheet()
        page.write_row(0, 0, headings)
        page.write_row(1, 0, ["东区学校"] * len(headings))
    book.close()
    return sink.getvalue()


def build_archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("台账.csv", "项目名称,责任单位,总投资\n")
    return sink.getvalue()


@pytest.mark.parametrize("form", ["document", "yaml"])
async def test_a_mapping_is_parsed_in_a_child(
    office: httpx.AsyncClient, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child is forked from a server of its own, which knows nothing of what is changed here."""
    document = (await suggest(office, build_sheet(SEPTEMBER)))["document"]
    await keep(office, document)
    text = (await office.get(f"{PATH}/document.yaml")).text
    here = list[str]()
    for module in ("compose_yaml", "validate_mapping"):
        monkeypatch.setattr(f"shared.mapping.documents.{module}", lambda *_: here.append("parsed"))
    sent = await office.put(
        "/v1/mappings/另一份", json={form: text if form == "yaml" else document}
    )
    assert (sent.status_code, here) == (201, [])


async def test_a_mapping_of_mistakes_tells_the_first_and_one_too_large_its_limit(
    office: httpx.AsyncClient,
) -> None:
    lines = "".join(f"- {{zz{i}: 1}}\n" for i in range(24_000))
    wrong = await office.put(PATH, json={"yaml": f"sheets:\n{lines}"})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/mapping-mistake")
    assert wrong.json()["detail"].endswith("共 72000 处，只列出前 100 处")
    large = await office.put(PATH, json={"document": {"sheets": [0] * MAX_NODES}})
    assert (large.status_code, large.json()["type"]) == (422, "/problems/mapping-mistake")
    assert str(MAX_NODES) in large.json()["detail"]


async def test_an_answer_has_the_length_that_a_mapping_holds(office: httpx.AsyncClient) -> None:
    content = build_sheet(SEPTEMBER)
    await keep(office, (await suggest(office, content))["document"])
    sent = await send(office, content)
    path = f"/v1/imports/{sent['id']}/answers"
    long = await office.post(path, json={"answers": {"unit:住建局": "U" * (MAX_NAME + 1)}})
    assert (long.status_code, long.json()["type"]) == (422, "/problems/invalid-request")
    assert long.json()["errors"][0]["detail"] == f"不能多于 {MAX_NAME} 个字符"
    words = {f"word:projects.nature/第{i}类": "new" for i in range(1_001)}
    many = await office.post(path, json={"answers": words})
    assert (many.status_code, many.json()["type"]) == (422, "/problems/mapping-mistake")
    assert "最多 1000 项" in many.json()["detail"]
    longest = await reply(office, sent["id"], {"unit:住建局": "U" * MAX_NAME})
    assert {each["refused"] for each in longest["questions"]} == {"U" * MAX_NAME, None}
    assert (await office.get(PATH)).json()["known_names"] == 1


@pytest.mark.parametrize(
    ("content", "code", "expected"),
    [
        (b"", "unreadable_file", "文件是空的"),
        ("项目名称,责任单位,总投资\n".encode(), "unreadable_file", "应为 CSV 文件夹"),
        (build_archive()[:-20], "unreadable_file", "文件损坏"),
        (build_workbook(["项目名称", *["1月"] * 1_200]), "sheet_too_large", "最多 1000 列"),
        (build_workbook(["字" * 10_000] * 3), "no_header", "项目名称"),
        (build_workbook(["甲乙", "丙丁", "戊己"]), "no_known_heading", "项目名称"),
        (
            build_workbook(["项目名称", *(f"其他{i}甲" for i in range(300))]),
            "beyond_mapping",
            "最多 300 项",
        ),
    ],
)
async def test_where_nothing_is_suggested_it_says_why(
    office: httpx.AsyncClient, content: bytes, code: str, expected: str
) -> None:
    found = await suggest(office, content)
    assert (found["document"], found["sheets"]) == (None, [])
    finding: dict[str, Any] = found["findings"][-1]
    assert (finding["level"], finding["code"]) == ("error", code)
    assert expected in finding["expected"]


async def test_a_sheet_of_an_archive_of_csv_files_is_suggested(office: httpx.AsyncClient) -> None:
    found = await suggest(office, build_archive())
    assert [sheet["sheet"] for sheet in found["document"]["sheets"]] == ["台账"]
    assert found["findings"] == []


async def test_what_a_suggestion_leaves_out_is_told(office: httpx.AsyncClient) -> None:
    found = await suggest(office, build_workbook(*[["项目名称", "责任单位", "总投资"]] * 21))
    assert len(found["sheets"]) == len(found["document"]["sheets"]) == MAX_SHEETS
    [finding] = found["findings"]
    assert (finding["code"], finding["sheet"]) == ("sheet_beyond_mapping", "Sheet21")
    await keep(office, found["document"])
