"""Prints: after the number, as often as it takes; until then a letter has no document."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.notifier.documents.letter import LetterDocument
from services.notifier.documents.pdf import render_pdf
from services.notifier.letters import service
from services.notifier.worker import build_worker_config
from shared import clock
from shared.database import jobs
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from shared.paper.fonts import Fonts
from tests.notifier.letters.conftest import OFFICE, NotifierWith, print_all
from tests.notifier.letters.test_sweeps import all_letters, sweep
from tests.polling import until
from tests.registry.clients import As, speaking

WEEK = {"from_on": "2022-09-15", "to_on": "2022-09-16"}
Others = tuple[httpx.AsyncClient, httpx.AsyncClient]
Render = Callable[[LetterDocument, Fonts], bytes]


@pytest.fixture
def as_(notifier_with: NotifierWith, issuer: Issuer) -> As:
    return speaking(notifier_with(OFFICE), issuer)


def render_with(monkeypatch: pytest.MonkeyPatch, render: Render) -> None:
    monkeypatch.setattr(service, "render_pdf", render)


async def test_until_it_is_printed_a_letter_is_shown_and_has_no_document(
    as_: As, sessions: Sessions
) -> None:
    office = as_("office")
    letter = (await sweep(office, **WEEK))["issued"][0]
    assert (letter["printed"], letter["state"]) == (False, "issued")
    path = f"/v1/letters/{letter['id']}"
    unit = as_("unit", unit_id=letter["unit_id"])
    asked = [
        (office, "GET", "/document.pdf"),
        (office, "GET", "/document.docx"),
        (unit, "POST", "/acknowledge"),
    ]
    for client, method, rest in asked:
        answer = await client.request(method, path + rest)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/being-printed")
        assert letter["number"] in answer.json()["detail"]
    assert await all_letters(office) == await all_letters(as_("inspector"))

    await print_all(sessions)

    assert (await office.get(path)).json() == {**letter, "printed": True}
    for client, method, rest in asked:
        assert (await client.request(method, path + rest)).status_code == 200


async def test_one_that_cannot_be_printed_now_holds_up_no_other_and_is_tried_again(
    as_: As, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = as_("office")
    issued = (await sweep(office, **WEEK))["issued"]
    failing = issued[0]["number"]

    def render(document: LetterDocument, fonts: Fonts) -> bytes:
        if document.number == failing:
            raise OSError("no space left")
        return render_pdf(document, fonts)

    with monkeypatch.context() as patched:
        render_with(patched, render)
        with pytest.raises(OSError, match="no space"):
            await print_all(sessions)
    assert [each["printed"] for each in await all_letters(office)] == [
        each["number"] != failing for each in issued
    ]

    await print_all(sessions)
    assert all(each["printed"] for each in await all_letters(office))


async def test_what_is_printed_stays(
    as_: As, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = as_("office")
    letter = (await sweep(office, **WEEK))["issued"][0]
    await print_all(sessions)
    path = f"/v1/letters/{letter['id']}/document.pdf"
    before = (await office.get(path)).content

    render_with(monkeypatch, lambda document, fonts: b"%PDF other")
    await print_all(sessions)
    await service.print_letter(sessions, letter["id"], now=clock.now())

    assert (await office.get(path)).content == before


async def test_the_worker_prints_what_a_sweep_numbered(
    as_: As, sessions: Sessions, others: Others
) -> None:
    office = as_("office")

    async def printed() -> bool:
        letters = await all_letters(office)
        return bool(letters) and all(each["printed"] for each in letters)

    async with jobs.run_workers([build_worker_config(sessions, *others, OFFICE)]):
        await until(lambda: logged(sessions, "print"))
        await sweep(office, **WEEK)
        await until(printed)


async def logged(sessions: Sessions, job: str) -> bool:
    async with sessions.begin() as session:
        query = text("SELECT 1 FROM notifier.jobs_log WHERE entrypoint = :job AND status = :done")
        values = {"job": job, "done": "successful"}
        return bool(list(await (await session.connection()).execute(query, values)))


# Locks that others would wait for, and transactions that have written.
LOCKS = """
    SELECT locktype, mode FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND locktype IN ('advisory', 'transactionid', 'tuple')"""


async def test_nothing_is_locked_while_letters_are_printed(
    as_: As, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, held, numbers = asyncio.get_running_loop(), list[Any](), list[str | None]()

    async def locks() -> list[Any]:
        async with sessions.begin() as session:
            return list(await (await session.connection()).execute(text(LOCKS)))

    def render(document: LetterDocument, fonts: Fonts) -> bytes:
        held.extend(asyncio.run_coroutine_threadsafe(locks(), loop).result(30))
        numbers.append(document.number)
        return b"%PDF"

    render_with(monkeypatch, render)
    issued = (await sweep(as_("office"), **WEEK))["issued"]
    await print_all(sessions)

    assert held == []
    own = [each["number"] for each in issued]
    assert numbers[len(own) :] == own
    # On trial each had a number of as many digits.
    assert [len(number or "") for number in numbers[: len(own)]] == [len(each) for each in own]
    assert set(numbers[: len(own)]) <= {"岚重办〔2022〕8号", "岚重办〔2022〕88号"}


async def test_a_number_that_is_rolled_back_leaves_neither_letter_nor_job(
    as_: As, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(service, "enqueue_job", fail)
        answer = await as_("office").post("/v1/sweeps", json=WEEK)
        assert answer.status_code == 500
    assert await all_letters(as_("office")) == []
    issued = (await sweep(as_("office"), **WEEK))["issued"]
    assert issued[0]["number"] == "岚重办〔2022〕1号"
