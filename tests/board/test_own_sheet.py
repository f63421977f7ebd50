"""An office's own sheet goes in through the page, is taken back, and comes out as it went in."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, expect

from shared.http.tokens import Issuer
from shared.ledger.file_problems import Allowance
from shared.ledger.xlsx_files import read_xlsx
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.county import NAMES, PASSWORD, County, run_county
from tests.registry.clients import zipped_files
from tests.registry.mappings.sheets import OCTOBER, PROJECTS, SEPTEMBER, build_sheet
from tests.together.system import answer, taken_over

COUNT_CLICKS = "() => { window.clicks = 0; addEventListener('click', e => {" + (
    " if (e.isTrusted && e.detail) window.clicks += 1; }, true); }"
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def furnish_nothing(county: County) -> None:
    """Leave the services as they are after setting up: no unit, no project."""


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    async with run_county(server, issuer, "own_sheets", furnish_nothing) as made:
        await made.cookie("office")  # an account with a password
        yield made


@pytest.fixture
async def office(browser: Browser, own_county: County) -> AsyncIterator[Visit]:
    """The office, signed in by name and password."""
    async with open_visit(browser, own_county, "", "import") as visit:
        await visit.page.get_by_label("登录名").fill(NAMES["office"])
        await visit.page.get_by_label("密码", exact=True).fill(PASSWORD)
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("heading", name="导入", exact=True)).to_be_visible()
        await visit.settle()
        await visit.page.evaluate(COUNT_CLICKS)
        yield visit


async def choose(visit: Visit, content: bytes, name: str = "九月台账.xlsx") -> None:
    file = FilePayload(name=name, mimeType=XLSX, buffer=content)
    await visit.page.locator("input[type=file]").set_input_files(file)


async def press(visit: Visit, name: str) -> None:
    await visit.page.get_by_role("button", name=name, exact=True).click()


async def apply(visit: Visit) -> None:
    await press(visit, "导入……")
    await press(visit, "确认导入")
    await expect(visit.page.get_by_role("heading", name="已经导入")).to_be_visible()
    await visit.settle()


async def clicks(visit: Visit) -> int:
    """How often a person has clicked; choosing the file is one more."""
    return int(await visit.page.evaluate("() => window.clicks")) + 1


async def test_a_first_sheet_the_next_month_a_correction_and_back_again(
    office: Visit, own_county: County
) -> None:
    page = office.page
    await choose(office, build_sheet(SEPTEMBER))
    await expect(page.get_by_role("heading", name="这是本单位自己的表")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="1-9月完成投资"))
    await expect(row).to_contain_text("G")
    for amount in SEPTEMBER:
        await expect(row).to_contain_text(str(amount))
    said = page.get_by_label("1-9月完成投资是什么")
    await expect(said).to_have_value("progress.invested_ytd_yuan;span=year")
    await expect(page.get_by_label("映射的名称")).to_have_value("九月台账")
    assert await office.axe_violations() == []
    await press(office, "保存映射，读这张表")

    await expect(page.get_by_role("heading", name="有 3 个问题要人回答")).to_be_visible()
    await expect(page.locator(".questions")).to_contain_text("I4")
    assert await office.axe_violations() == []
    await page.get_by_label("同类的问题都这样答").check()
    await page.get_by_role("button", name="新单位，县直部门").click()
    await expect(page.get_by_role("heading", name="检查通过")).to_be_visible()
    await apply(office)
    assert await clicks(office) == 6
    projects = (await own_county.read("/registry/v1/projects"))["items"]
    assert [each["name"] for each in projects] == [each[0] for each in PROJECTS]

    await office.go("import")
    await page.evaluate("() => { window.clicks = 0; }")
    of_october = (5_000, 1_200)
    await choose(office, build_sheet(of_october, month=10, projects=PROJECTS[:2]), "十月.xlsx")
    await expect(page.get_by_role("heading", name="检查通过")).to_be_visible()
    await expect(page.locator("dd", has_text="九月台账")).to_be_visible()
    await expect(page.locator(".not-mentioned")).to_contain_text("滨河公路")
    await apply(office)
    assert await clicks(office) == 3

    await office.go("import")
    await choose(office, build_sheet((5_100, 1_200), month=10, projects=PROJECTS[:2]))
    sample = page.get_by_role("row", name="本年完成投资")
    await expect(sample).to_contain_text("5,000万元")
    await expect(sample).to_contain_text("5,100万元")
    await apply(office)
    path = "/registry/v1/projects/P001/progress/2022-10-31"
    assert (await own_county.read(path))["invested_ytd_yuan"] == 51_000_000

    await press(office, "撤销这次导入……")
    await page.get_by_label("原因（必填）").fill("报错了数")
    await press(office, "撤销")
    await expect(page.get_by_role("heading", name="已经撤销")).to_be_visible()
    await expect(page.locator(".next")).to_contain_text("报错了数")
    assert (await own_county.read(path))["invested_ytd_yuan"] == 50_000_000

    await office.go("import")
    await page.get_by_label("九月台账的截至日期").fill("2022-10-31")
    async with page.expect_download() as started:
        await press(office, "导出这张表")
    written = (await (await started.value).path()).read_bytes()
    [sheet, *notes], _ = read_xlsx("sheet.xlsx", written, Allowance.of_file(len(written)))
    assert [note.name for note in notes] == ["导出说明"]  # of projects that are in no sheet
    assert "截至10月31日" in str(sheet.rows[0][0])
    assert [row[6] for row in sheet.rows[3:]][:2] == [5_000, 1_200]
    await page.get_by_text("历次内容").click()
    # Saved, answered, and the projects that each of two imports named.
    await expect(page.locator(".versions li")).to_have_count(4)


async def test_questions_are_answered_by_keyboard_on_a_phone(
    browser: Browser, own_county: County
) -> None:
    alike = tuple((f"{each[0]}（二期）", *each[1:]) for each in PROJECTS)
    async with open_visit(browser, own_county, "office", "import", size=PHONE) as visit:
        page = visit.page
        await choose(visit, build_sheet(OCTOBER, month=10, projects=alike))
        await expect(page.get_by_role("heading", name="个问题要人回答")).to_be_visible()
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= 390
        number = page.url.split("#/import/")[1]
        asked = await own_county.read(f"/registry/v1/imports/{number}")
        for question in asked["questions"]:
            await expect(page.locator("#question")).to_have_text(question["text"])
            await page.locator(".questions").focus()
            await page.keyboard.press("1")
        await expect(page.get_by_role("heading", name="检查通过")).to_be_visible()
        left = await own_county.read(f"/registry/v1/imports/{number}")
        assert (left["state"], left["questions"]) == ("checked", [])


async def test_what_others_rest_on_is_told_in_place_of_undoing(
    browser: Browser, own_county: County
) -> None:
    units = "unit_id,name,kind,group\nU77,林业局,department,县直部门\n"
    projects = "project_id,name,unit_id,nature\nP077,沙棘,U77,new\n"
    files = zipped_files({"units.csv": units, "projects.csv": projects})
    async with own_county.client("office") as client:
        done = await taken_over(client, files)
        path = "/registry/v1/projects/P077/progress/2022-10-31"
        await answer(client, "PUT", path, json={"invested_ytd_yuan": 5})
    async with open_visit(browser, own_county, "office", f"import/{done['id']}") as visit:
        await expect(visit.page.get_by_text("现在不能撤销：有 1 条记录以它为准")).to_be_visible()
        await expect(visit.page.get_by_role("listitem")).to_contain_text(["进度 P077 2022-10-31"])
        await expect(visit.page.get_by_role("button", name="撤销这次导入……")).to_have_count(0)
        assert await visit.axe_violations() == []
