"""What no honest program sends: it gets a sentence and a 4xx, never a failure of ours."""

import io
import json
import random
import zipfile
from typing import Any

import httpx
import pytest

from services.registry.ledger.files import build_workbook
from shared.facts.tables import Facts
from tests.paths import GOLDEN
from tests.registry.clients import imported, ledger, upload, zipped, zipped_files

NUL, ESCAPE, HALF_OF_A_PAIR = "\\u0000", "\\u001b", "\\ud800"
UNIT = {"name": "甲", "kind": "zone", "group": "g"}
PROJECT = {"name": "甲", "unit_id": "U01", "nature": "new"}


@pytest.fixture
async def filled(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "small"))
    return office


@pytest.mark.parametrize(
    ("odd", "status"), [(NUL, 422), (ESCAPE, 422), (f"甲{NUL}乙", 422), (HALF_OF_A_PAIR, 400)]
)
@pytest.mark.parametrize(
    ("path", "fact", "name"),
    [
        ("units/U77", UNIT, "name"),
        ("units/U77", UNIT, "why"),
        ("projects/P777", PROJECT, "owner_name"),
        ("projects/P777", PROJECT, "unit_id"),
        ("projects/P001/progress/2022-10-30", {}, "note"),
        ("problems/Q777", {"project_id": "P001"}, "category"),
    ],
)
async def test_characters_that_nobody_can_keep_are_refused(
    filled: httpx.AsyncClient, path: str, fact: dict[str, str], name: str, odd: str, status: int
) -> None:
    body = json.dumps({**fact, name: "@"}).replace("@", odd)
    json_sent = {"content-type": "application/json"}
    answer = await filled.put(f"/v1/{path}", content=body, headers=json_sent)
    assert answer.status_code == status, answer.text
    where = f"#/{name}" if status == 422 else "#"  # half of a pair is no JSON
    assert [error["pointer"] for error in answer.json()["errors"]] == [where]


async def test_a_ledger_with_such_characters_is_refused_cell_by_cell(
    office: httpx.AsyncClient,
) -> None:
    units = "unit_id,name,kind,group\nU01,甲\x00,zone,g\nU02,乙,zone,g\x1b\n"
    found = await upload(office, zipped_files({"units.csv": units, "\x07.csv": "a\nb\n"}))
    wrong = [each for each in found["findings"] if each["code"] == "unwritable_text"]
    assert [(each["row"], each["column"], each["value"]) for each in wrong] == [
        (2, "name", "甲\N{REPLACEMENT CHARACTER}"),
        (3, "group", "g\N{REPLACEMENT CHARACTER}"),
    ]


@pytest.mark.parametrize(
    "body", ['{"name":' + "[" * 100_000, '{"year":' + "9" * 5000 + "}", "\xff"]
)
async def test_a_body_that_cannot_be_read_is_told_so(office: httpx.AsyncClient, body: str) -> None:
    sent = {"content-type": "application/json"}
    answer = await office.put("/v1/units/U77", content=body.encode("latin-1"), headers=sent)
    assert answer.status_code in (400, 422)


# --- uploads ------------------------------------------------------------------------------------


def of(facts: Facts) -> dict[str, bytes]:
    return {"workbook": build_workbook(facts), "folder": zipped(GOLDEN / "small")}


@pytest.mark.parametrize("kind", ["workbook", "folder"])
async def test_a_damaged_ledger_is_a_finding(office: httpx.AsyncClient, kind: str) -> None:
    """Each damaged differently; a few may be harmless, and a size may lie."""
    sound, chance = of(ledger("small"))[kind], random.Random(100)
    codes = set()
    for _ in range(40):
        damaged = bytearray(sound)
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        file = {"file": ("ledger", bytes(damaged[: chance.choice((len(damaged), 5000))]))}
        answer = await office.post("/v1/imports", files=file)
        assert answer.status_code in (201, 413), answer.text
        codes |= {finding["code"] for finding in answer.json().get("findings", ())}
    assert "unreadable_file" in codes


@pytest.mark.parametrize(("at", "means"), [((6, 8), 1), ((8, 10), 99)], ids=["secret", "unknown"])
async def test_an_encrypted_zip_and_an_unknown_kind_are_findings(
    office: httpx.AsyncClient, at: tuple[int, int], means: int
) -> None:
    """`at` is where a file's own header and the directory of a ZIP say so."""
    content = bytearray(zipped(GOLDEN / "small"))
    for offset, start in zip(at, (b"PK\x03\x04", b"PK\x01\x02"), strict=True):
        content[content.index(start) + offset] = means
    found = await upload(office, bytes(content))
    assert [finding["code"] for finding in found["findings"]] == ["unreadable_file"]


async def test_the_name_of_a_file_is_kept_as_far_as_it_can_be(office: httpx.AsyncClient) -> None:
    file = b'Content-Disposition: form-data; name="file"; filename="a\x00b.zip"'
    sent: dict[str, Any] = {
        "content": b"--x\r\n" + file + b"\r\n\r\nabc\r\n--x--\r\n",
        "headers": {"content-type": "multipart/form-data; boundary=x"},
    }
    answer = await office.post("/v1/imports", **sent)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "a\N{REPLACEMENT CHARACTER}b.zip"


async def test_a_zip_without_a_file_is_no_ledger(office: httpx.AsyncClient) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w"):
        pass
    found = await upload(office, sink.getvalue())
    assert {finding["code"] for finding in found["findings"]} == {"unreadable_file"}


# --- what is too long to be found -----------------------------------------------------------------

# No index takes it: it is longer than a page, and cannot be packed.
LONG = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(32_767))
ROWS = {
    "units": {"unit_id": "U01", "name": "甲", "kind": "zone", "group": "g"},
    "projects": {"project_id": "P1", "name": "乙", "unit_id": "U01", "nature": "new"},
    "permits": {"project_id": "P1", "kind": "环评", "stage": "一", "needed": "是"},
    "problems": {"problem_id": "Q1", "project_id": "P1", "summary": "丙"},
    "indicators": {
        "region_code": "990101",
        "period": "2022-09-30",
        "indicator": "固投",
        "value": "1",
        "source": "统计局",
    },
}
KEYS = [
    ("units", "unit_id"),
    ("projects", "project_id"),
    ("permits", "kind"),
    ("permits", "stage"),
    ("problems", "problem_id"),
    ("indicators", "indicator"),
    ("indicators", "region_code"),
]
OTHERS = [("units", "group"), ("projects", "name"), ("projects", "national_code")]


def ledger_with(table: str, column: str, value: str) -> bytes:
    rows = {name: row | ({column: value} if name == table else {}) for name, row in ROWS.items()}
    files = {f"{n}.csv": f"{','.join(row)}\n{','.join(row.values())}\n" for n, row in rows.items()}
    return zipped_files(files)


@pytest.mark.parametrize(("table", "column"), KEYS)
async def test_a_key_that_no_index_takes_is_a_finding(
    office: httpx.AsyncClient, table: str, column: str
) -> None:
    found = await upload(office, ledger_with(table, column, LONG[:201]))
    wrong = {(f["code"], f["sheet"], f["column"]) for f in found["findings"]}
    assert found["state"] == "refused"
    assert ("text_too_long", table, column) in wrong


@pytest.mark.parametrize(("table", "column"), [*KEYS, *OTHERS])
async def test_what_is_as_long_as_it_may_be_is_kept(
    office: httpx.AsyncClient, table: str, column: str
) -> None:
    value = LONG[:200] if (table, column) in KEYS else LONG
    value = f"990101{value[:194]}" if column == "region_code" else value  # of the office's own
    content = ledger_with(table, column, value)
    if column in ("unit_id", "project_id"):
        plain = {"unit_id": "U01", "project_id": "P1"}[column]
        files = {
            f"{n}.csv": f"{','.join(row)}\n{','.join(row.values())}\n".replace(plain, value)
            for n, row in ROWS.items()
        }
        content = zipped_files(files)
    assert (await imported(office, content))[table]["added"] == 1
