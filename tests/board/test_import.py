"""A ledger goes in through the page: checked beside its cells, mended, previewed, taken over."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Route, expect

from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import County, furnish_sample, run_county

HEADER = "项目编号,截至日期,本年完成投资（万元）,形象进度,备注栏\n"
LINES = "P001,2022-02-30,120,5,甲\nP002,2022-11-30,一百二十,5,乙\nP999,2022-11-30,1,5,丙\n"
BROKEN = HEADER + LINES
MENDED = HEADER + "P001,2022-11-30,120,5,甲\nP002,2022-11-30,120,5,乙\n"
UPLOADS = "**/registry/v1/imports"
TOLD = ("Failed to load resource",)  # by the browser, of the refusals that are wanted here


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county of its own, as imports change it."""
    async with run_county(server, issuer, "imports", furnish_sample) as made:
        yield made


@pytest.fixture
async def office(browser: Browser, own_county: County) -> AsyncIterator[Visit]:
    async with open_visit(browser, own_county, "office", "import", expected=TOLD) as visit:
        yield visit


def packed(progress: str, name: str = "台账.zip") -> FilePayload:
    """A ledger of one table, as somebody chooses it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("进度.csv", progress.encode("utf-8-sig"))
    return FilePayload(name=name, mimeType="application/zip", buffer=content.getvalue())


async def send(visit: Visit, progress: str, name: str = "台账.zip") -> None:
    await visit.page.locator("input[type=file]").set_input_files(packed(progress, name))


async def sent(visit: Visit, progress: str, heading: str) -> str:
    """The number of the import that a file became, once the page says so."""
    await send(visit, progress)
    await expect(visit.page.get_by_role("heading", name=heading)).to_be_visible()
    await visit.settle()
    return number_of(visit)


def number_of(visit: Visit) -> str:
    return visit.page.url.split("#/import/")[1].split("?")[0]


def open_office(
    browser: Browser, county: County, view: str, **how: Any
) -> AbstractAsyncContextManager[Visit]:
    return open_visit(browser, county, "office", view, **how)


async def texts(rows: Locator) -> list[str]:
    return ["".join(text.split()) for text in await rows.all_inner_texts()]


async def test_findings_stand_beside_the_cells_that_they_are_about(
    office: Visit, own_county: County
) -> None:
    number = await sent(office, BROKEN, "有 3 处错误")
    said = await own_county.read(f"/registry/v1/imports/{number}")
    found = [each for each in said["findings"] if each["level"] == "error"]
    cells = [(f"{each['column_letter']}{each['row']}", each["value"]) for each in found]
    assert cells == [("B2", "2022-02-30"), ("C3", "一百二十"), ("A4", "P999")]
    rows = await texts(office.page.locator("tr.error[data-index]"))
    for row, each in zip(rows, found, strict=True):
        parts = [f"✕{each['column_letter']}{each['row']}", each["column"], each["value"]]
        assert row == "".join("".join([*parts, each["expected"]]).split())
    [ignored] = [each for each in said["finding_groups"] if each["is_skipped"]]
    told = office.page.get_by_role("button", name=ignored["expected"])
    await expect(told).to_contain_text(f"{ignored['count']} 处")
    await expect(office.page.get_by_role("button", name=f"错误 {said['errors']}")).to_be_visible()


async def test_a_filter_has_an_address_and_stays_when_the_mended_file_is_sent(
    office: Visit, own_county: County
) -> None:
    first = await sent(office, BROKEN, "有 3 处错误")
    await office.page.get_by_role("button", name="进度 没有这一天").click()
    await expect(office.page.locator("tr[data-index]")).to_have_count(1)
    await office.page.reload()
    await office.settle()
    await expect(office.page.locator("tr[data-index]")).to_have_count(1)

    half_mended = BROKEN.replace("一百二十", "120").replace("P999", "P003")
    second = await sent(office, half_mended, "有 1 处错误")
    assert second != first
    await expect(
        office.page.get_by_text(f"上次（第 {first} 号）3 处错误，这次 1 处")
    ).to_be_visible()
    await expect(office.page.locator("tr[data-index]")).to_have_count(1)
    await expect(office.page.locator("tr[data-index]")).to_contain_text("上次也有")


async def test_a_ledger_is_previewed_confirmed_and_taken_over_by_keyboard(
    office: Visit, own_county: County
) -> None:
    number = await sent(office, MENDED, "检查通过")
    path = f"/registry/v1/imports/{number}"
    before = await own_county.read(f"{path}/changes")
    [column] = [
        each for each in before["progress"]["columns"] if each["column"] == "invested_ytd_yuan"
    ]
    row = office.page.locator(".change").get_by_role("row", name=column["title"])
    await expect(row).to_contain_text(column["samples"][0]["before_text"])
    await expect(row).to_contain_text(column["samples"][0]["after_text"])
    for title in before["progress"]["absent_titles"]:
        await expect(office.page.locator(".change")).to_contain_text(title)

    await office.page.get_by_role("button", name="导入……").focus()
    await office.page.keyboard.press("Enter")
    dialog = office.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"更正 {before['progress']['corrected']} 行")
    await office.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert (await own_county.read(path))["state"] == "checked"

    await office.page.keyboard.press("Enter")
    await expect(dialog.get_by_role("button", name="确认导入")).to_be_enabled()
    await dialog.get_by_role("button", name="确认导入").focus()
    await office.page.keyboard.press("Enter")
    await expect(office.page.get_by_role("heading", name="已经导入")).to_be_visible()
    assert (await own_county.read(path))["state"] == "applied"
    assert await own_county.read(f"{path}/changes") == before
    await expect(office.page.get_by_role("link", name="看挂图")).to_be_visible()


async def test_a_later_correction_has_to_be_noticed(office: Visit, own_county: County) -> None:
    path = "/registry/v1/projects/P004/progress/2022-10-31"
    async with own_county.client("office") as client:
        kept = await client.get(path)
        form = {**kept.json(), "note": "现场核实", "why": "现场核实"}
        form = {name: form[name] for name in ("invested_ytd_yuan", "physical_pct", "note", "why")}
        match = {"if-match": kept.headers["etag"]}
        (await client.put(path, json=form, headers=match)).raise_for_status()
    await sent(office, HEADER + "P004,2022-10-31,777,5,甲\n", "检查通过")
    await expect(office.page.get_by_role("heading", name="注意：进度有 1 条记录")).to_be_visible()
    await office.page.get_by_role("button", name="导入……").click()
    confirm = office.page.get_by_role("button", name="确认导入")
    noticed = office.page.get_by_label("我已核对这些更正")
    await expect(noticed).to_be_visible()
    await expect(confirm).to_be_disabled()
    assert await office.axe_violations() == []
    await noticed.check()
    await expect(confirm).to_be_enabled()


@pytest.mark.parametrize("status", [413, 429, 503])
async def test_a_refusal_is_told_and_tried_again_on_wish(office: Visit, status: int) -> None:
    keys: list[str] = []

    async def refuse(route: Route) -> None:
        if route.request.method != "POST":
            await route.fallback()
            return
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            await route.continue_()
            return
        headers = {"retry-after": "7"} if status != 413 else {}
        body = '{"title": "此刻不收", "detail": "说明在此", "status": 0}'
        await route.fulfill(status=status, headers=headers, body=body)

    await office.page.route(UPLOADS, refuse)
    await send(office, MENDED)
    problem = office.page.locator(".problem")
    await expect(problem).to_contain_text("此刻不收")
    await expect(problem.get_by_text("请在 7 秒后再试")).to_have_count(int(status != 413))
    await problem.get_by_role("button", name="再试一次").click()
    await expect(office.page.get_by_role("heading", name="检查通过")).to_be_visible()
    assert len(keys) == 2
    assert keys[0] == keys[1]


async def test_what_is_being_sent_can_be_stopped(office: Visit, own_county: County) -> None:
    held: list[Route] = []

    async def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            await route.fallback()

    await office.page.route(UPLOADS, hold)
    before = await own_county.read("/registry/v1/imports", totals=True)
    await send(office, MENDED)
    await expect(office.page.get_by_role("progressbar")).to_be_visible()
    await office.page.get_by_role("button", name="取消").click()
    await expect(office.page.locator("input[type=file]")).to_be_enabled()
    await expect(office.page.locator(".problem")).to_have_count(0)
    assert len(held) == 1
    after = await own_county.read("/registry/v1/imports", totals=True)
    assert after["totals"] == before["totals"]


async def test_a_file_that_is_too_large_is_not_sent_at_all(office: Visit) -> None:
    asked: list[str] = []
    office.page.on("request", lambda request: asked.append(request.method))
    await office.page.locator("input[type=file]").evaluate(
        """input => {
            const file = new File(["x"], "大台账.xlsx");
            Object.defineProperty(file, "size", { value: 200_000_001 });
            Object.defineProperty(input, "files", { value: [file] });
            input.dispatchEvent(new Event("change"));
        }"""
    )
    await expect(office.page.locator(".problem")).to_contain_text("不超过 200 MB")
    assert asked == []


async def test_a_failure_says_why_and_progress_is_asked_until_it_is_over(office: Visit) -> None:
    number = await sent(office, MENDED, "检查通过")
    states = ["applying", "applying", "failed"]

    async def answer(route: Route) -> None:
        said = await (await route.fetch()).json()
        said["state"] = state = states.pop(0) if len(states) > 1 else states[0]
        said["progress"] = {"progress": {"done": 1, "of": 2}} if state == "applying" else None
        reason = {"title": "台账有错误", "detail": "记录已改", "type": "", "status": 409}
        said["problem"] = reason if state == "failed" else None
        await route.fulfill(json=said)

    await office.page.route(f"**/registry/v1/imports/{number}", answer)
    await office.page.reload()
    await expect(office.page.get_by_text("1 / 2")).to_be_visible()
    await expect(office.page.get_by_role("heading", name="没有导入成")).to_be_visible()
    await expect(office.page.get_by_text("台账有错误：记录已改")).to_be_visible()


async def test_a_long_list_is_walked_by_keyboard_with_few_rows_at_a_time(office: Visit) -> None:
    many = HEADER + "".join(f"P{n:03},2022-13-{n % 90 + 10},{n},5,\n" for n in range(1, 121))
    await sent(office, many, "处错误")
    rows = office.page.locator("tr[data-index]")
    await expect(rows).to_have_count(50)
    await office.page.locator("tr[data-index='0']").focus()
    await office.page.keyboard.press("End")
    await expect(office.page.locator("tr[data-index='49']")).to_be_focused()
    await office.page.keyboard.press("ArrowDown")
    await expect(office.page.locator("tr[data-index='0']")).to_be_focused()
    await expect(office.page.get_by_text("第 2 页")).to_be_visible()
    await office.page.keyboard.press("ArrowUp")
    await expect(office.page.get_by_text("第 1 页")).to_be_visible()
    await expect(office.page.locator("tr[data-index='49']")).to_be_focused()
    assert await office.count_rows() <= 600


async def test_the_list_is_handed_on_as_a_table(office: Visit) -> None:
    await sent(office, BROKEN.replace("一百二十", "=1+1"), "有 3 处错误")
    async with office.page.expect_download() as download:
        await office.page.get_by_role("button", name="导出清单").click()
    lines = (await (await download.value).path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == '"级别","表","行","列","列名","现在的内容","应为","处数"'
    assert lines[1].startswith('"错误","进度","2","B","截至日期","2022-02-30","没有这一天')
    assert '"\'=1+1"' in lines[2]  # no formula for who opens it


async def test_imports_are_listed_newest_first(office: Visit, own_county: County) -> None:
    number = await sent(office, BROKEN, "有 3 处错误")
    await office.go("import")
    said = await own_county.read("/registry/v1/imports", order="latest", limit=30, totals=True)
    assert str(said["items"][0]["id"]) == number
    names = office.page.locator(".imports li .import-who")
    for name, each in zip(await names.all_inner_texts(), said["items"], strict=True):
        assert name.startswith(f"第 {each['id']} 号")
    await expect(office.page.get_by_text(f"共 {said['totals']['count']} 次")).to_be_visible()


@pytest.mark.parametrize("progress", [BROKEN, MENDED], ids=["refused", "checked"])
async def test_on_a_phone_nothing_is_wider_and_axe_finds_nothing(
    browser: Browser, own_county: County, progress: str
) -> None:
    async with open_office(browser, own_county, "import", size=PHONE) as visit:
        await send(visit, progress)
        await expect(visit.page.locator(".note.next")).to_be_visible()
        await visit.settle()
        wider = await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0
        assert await visit.axe_violations() == []


@pytest.mark.parametrize("role", ["unit", "leader", "inspector", "viewer"])
async def test_it_is_the_offices_alone(visit: OpenVisit, role: str) -> None:
    person = await visit(role, "import/1")
    await expect(person.page.get_by_role("heading", name="这一页不对您开放")).to_be_visible()
