"""The rules are read whole: scheme, letters, office; the office sets its own and nobody else."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, expect

from services.cli.showcase.sample.names import SAMPLE_REGION
from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import County, furnish_sample, run_county
from tests.registry.office_settings import THRESHOLDS

TOLD = ("Failed to load resource",)  # by the browser, of the refusal that is wanted here


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county of its own, as its office changes its settings."""
    async with run_county(server, issuer, "rules", furnish_sample) as made:
        yield made


@pytest.fixture
async def office(browser: Browser, own_county: County) -> AsyncIterator[Visit]:
    async with open_visit(browser, own_county, "office", "rules", expected=TOLD) as visit:
        yield visit


def packed(text: str | None) -> str:
    return "".join((text or "").split())


async def cells(row: Locator) -> list[str]:
    return [packed(text) for text in await row.locator("th, td").all_inner_texts()]


@pytest.mark.parametrize("role", ["office", "unit", "leader", "field", "inspector"])
async def test_who_is_measured_reads_the_scheme_as_the_api_tells_it(
    visit: OpenVisit, county: County, role: str
) -> None:
    person = await visit(role, "rules?scheme=lanxian-2022")
    said = await county.read("/scoring/v1/schemes/lanxian-2022/words", role)
    article = person.page.locator("article.scheme")
    await expect(article).to_contain_text(said["source"])
    tables = article.locator("table")
    assert await tables.count() == len(said["sections"])
    for number, section in enumerate(said["sections"]):
        await expect(article.get_by_role("heading", name=section["title"])).to_be_visible()
        rows = tables.nth(number).locator("tbody tr")
        for row, line in zip(await rows.all(), section["lines"], strict=True):
            told = [packed(line["name"]), packed(line["text"]), packed(line["computed"])]
            assert [*await cells(row), ""][:3] == told
    changed = person.page.get_by_role("button", name="更改设置")
    await expect(changed).to_have_count(1 if role == "office" else 0)


async def test_letters_go_out_as_the_rule_book_says(visit: OpenVisit, county: County) -> None:
    person = await visit("unit", "rules")
    book = await county.read("/notifier/v1/rules", "unit")
    rows = person.page.locator("section[aria-labelledby=part-letters] tbody tr:not(.section)")
    for row, rule in zip(await rows.all(), book["letters"], strict=True):
        _, text, days = await cells(row)
        assert text == packed(rule["zh"])
        assert days == str(rule["answer_workdays"] or "不要求")
    for rule in book["general"]:
        await expect(person.page.get_by_text(rule["zh"])).to_be_visible()


async def test_the_scheme_of_the_last_run_is_shown_first(visit: OpenVisit, county: County) -> None:
    person = await visit("office", "rules")
    runs = await county.read("/scoring/v1/runs", order="latest", limit=1)
    said = await county.read(f"/scoring/v1/schemes/{runs['items'][0]['scheme_id']}")
    chosen = person.page.locator("a[aria-current=true]")
    await expect(chosen).to_contain_text(said["zh"])
    await expect(chosen).to_contain_text("最近一次计分所用")


async def test_contents_lead_to_each_part_by_keyboard(visit: OpenVisit) -> None:
    person = await visit("inspector", "rules")
    await person.page.get_by_role("link", name="发函规则").focus()
    await person.page.keyboard.press("Enter")
    heading = person.page.get_by_role("heading", name="发函规则")
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await person.page.reload()
    await person.settle()
    await expect(heading).to_be_in_viewport()


async def test_the_office_sets_its_own_and_overwrites_nobody(
    office: Visit, own_county: County
) -> None:
    path = f"/registry/v1/offices/{SAMPLE_REGION}"
    page = office.page
    await page.get_by_role("button", name="更改设置").click()
    await page.get_by_label("联系人").fill("督查科 王芳")
    await page.get_by_role("group", name="发文机关代字").get_by_label("督办函").fill("样重办督")
    await page.get_by_role("group", name="签发人").get_by_label("督办函").fill("李强")
    assert await office.axe_violations() == []
    reported = page.get_by_role("group", name="报送的数据")
    await reported.get_by_label("年度计划的几倍").fill("2")
    await reported.get_by_label("审核：进度").select_option("everything")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("button", name="更改设置")).to_be_visible()
    said = await own_county.read(path)
    assert said["contact"] == "督查科 王芳"
    assert said["agency_words"]["supervision"] == "样重办督"
    assert said["signers"] == {"supervision": "李强"}
    assert said["plausibility"] == THRESHOLDS | {"plan_factor": 2}
    assert said["review"] == {"progress": "everything"}
    await expect(page.get_by_text("本年完成至多为年度计划的 2 倍")).to_be_visible()
    await expect(page.get_by_text("全部审核")).to_be_visible()
    await expect(page.get_by_text("督查科 王芳")).to_be_visible()

    await page.get_by_role("button", name="更改设置").click()
    async with own_county.client("office") as client:
        form = {name: said[name] for name in ("name", "agency_words", "signers", "contact")}
        form["telephone"] = "0358-6720000"
        match = {"if-match": f'"{said["version"]}"'}
        (await client.put(path, json=form, headers=match)).raise_for_status()
    await page.get_by_label("联系电话").fill("110")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_role("button", name="看现在的设置").click()
    await expect(page.get_by_text("0358-6720000")).to_be_visible()
    assert (await own_county.read(path))["telephone"] == "0358-6720000"


async def test_on_a_phone_nothing_is_wider_and_axe_finds_nothing(visit: OpenVisit) -> None:
    person = await visit("leader", "rules", size=PHONE)
    wider = await person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert await person.axe_violations() == []
    assert await person.count_rows() <= 600


async def test_it_is_not_for_who_reads_only_what_is_published(visit: OpenVisit) -> None:
    viewer = await visit("viewer", "rules")
    await expect(viewer.page.get_by_role("heading", name="这一页不对您开放")).to_be_visible()
    await expect(viewer.page.get_by_role("link", name="规则")).to_have_count(0)
