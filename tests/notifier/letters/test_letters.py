"""Letters once issued: read, printed, acknowledged, unchangeable; who sees which."""

import io
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from docx import Document
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.notifier.tables import METADATA
from shared.database.migrations import comparison_options
from shared.database.sessions import Sessions
from shared.http.tokens import Role
from tests.databases import owner_of
from tests.notifier.letters.conftest import CAMPAIGN
from tests.notifier.letters.test_sweeps import all_letters
from tests.registry.clients import As
from tests.scoring.service.registry import connected
from tests.shared.paper.measurements import pages


async def first_of(office: httpx.AsyncClient, kind: str, about: str) -> dict[str, Any]:
    letters = (await office.get("/v1/letters", params={"kind": kind})).json()["items"]
    found: dict[str, Any] = next(each for each in letters if each["about"] == about)
    return found


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("reminder", "started"),
        ("assignment", "started"),
        ("supervision", "started"),
        ("supervision", "progress"),
        ("yellow_card", "progress"),
    ],
)
async def test_a_letter_is_kept_as_pdf_with_its_number_and_title(
    swept: As, kind: str, about: str
) -> None:
    office = swept("office")
    letter = await first_of(office, kind, about)
    path = f"/v1/letters/{letter['id']}"
    printed = await office.get(f"{path}/document.pdf")
    edited = await office.get(f"{path}/document.docx")

    assert printed.headers["content-type"] == "application/pdf"
    lines = [line.text for page in pages(printed.content) for line in page.lines]
    assert letter["number"] in "".join(lines)
    assert letter["title"] in "".join(lines)
    assert (await office.get(f"{path}/document.pdf")).content == printed.content
    written = "".join(each.text for each in Document(io.BytesIO(edited.content)).paragraphs)
    assert letter["number"] in written
    assert letter["title"] in written.replace("\n", "")


async def test_lists_are_filtered(swept: As) -> None:
    office = swept("office")
    letters = await all_letters(office)
    for name in ("kind", "unit_id", "project_id", "state"):
        asked = {name: letters[0][name], "limit": "200"}
        found = (await office.get("/v1/letters", params=asked)).json()["items"]
        assert found == [each for each in letters if each[name] == letters[0][name]]


async def test_a_unit_acknowledges_its_own_letters_and_sees_no_other(
    swept: As,
) -> None:
    letters = await all_letters(swept("office"))
    mine = next(each for each in letters if each["state"] == "issued")
    unit = swept("unit", unit_id=mine["unit_id"])
    other = next(each for each in letters if each["unit_id"] != mine["unit_id"])
    path = f"/v1/letters/{mine['id']}"

    first = (await unit.post(f"{path}/acknowledge")).json()
    again = (await unit.post(f"{path}/acknowledge")).json()

    assert first["state"] == "acknowledged"
    assert first == again == (await unit.get(path)).json()
    assert await all_letters(unit) == [
        first if each == mine else each for each in letters if each["unit_id"] == mine["unit_id"]
    ]
    for method, rest in (("GET", ""), ("GET", "/document.pdf"), ("POST", "/acknowledge")):
        answer = await unit.request(method, f"/v1/letters/{other['id']}{rest}")
        assert answer.status_code == 404
    assert await all_letters(swept("unit")) == []


READS = {"list": 200, "read": 200, "pdf": 200, "docx": 200}
NOTHING = dict.fromkeys(("list", "read", "pdf", "docx", "acknowledge", "sweep", "preview"), 403)
EXPECTED = {
    Role.office: NOTHING | READS | {"sweep": 200, "preview": 200},
    Role.inspector: NOTHING | READS | {"preview": 200},
    Role.unit: NOTHING | READS | {"acknowledge": 200},
    Role.leader: NOTHING | READS,
    Role.field: NOTHING | READS,
}


async def statuses(client: httpx.AsyncClient, letter_id: int) -> dict[str, int]:
    path = f"/v1/letters/{letter_id}"
    asked: dict[str, tuple[str, str, Any]] = {
        "list": ("GET", "/v1/letters", None),
        "read": ("GET", path, None),
        "pdf": ("GET", f"{path}/document.pdf", None),
        "docx": ("GET", f"{path}/document.docx", None),
        "acknowledge": ("POST", f"{path}/acknowledge", None),
        "sweep": ("POST", "/v1/sweeps", CAMPAIGN),
        "preview": ("POST", "/v1/preview?on=2022-12-26", None),
    }
    return {
        name: (await client.request(method, where, json=body)).status_code
        for name, (method, where, body) in asked.items()
    }


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_what_it_may(role: Role, swept: As) -> None:
    letter = (await all_letters(swept("office")))[-1]
    client = swept(role, unit_id=letter["unit_id"])
    assert await statuses(client, letter["id"]) == EXPECTED.get(role, NOTHING)


async def test_letters_of_another_region_do_not_exist(swept: As) -> None:
    letter = (await all_letters(swept("office")))[0]
    beside = swept("office", "990102")
    assert await all_letters(beside) == []
    assert (await beside.get(f"/v1/letters/{letter['id']}")).status_code == 404
    assert len(await all_letters(swept("inspector", "9901"), region="9901")) > 0


@pytest.mark.parametrize("table", ["letters", "documents", "settlements", "audit"])
async def test_what_was_stored_stays(table: str, sessions: Sessions) -> None:
    address = sessions.kw["bind"].url.render_as_string(hide_password=False)
    async with connected(owner_of(address)) as owners, owners() as session:
        connection = await session.connection()
        with pytest.raises(IntegrityError, match="is refused"):
            await connection.execute(text(f"DELETE FROM notifier.{table}"))


async def test_alembic_finds_nothing_to_change(sessions: Sessions) -> None:
    def differences(opened: Connection) -> Any:
        return compare_metadata(
            MigrationContext.configure(opened, opts=comparison_options("notifier")), METADATA
        )

    async with sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []
