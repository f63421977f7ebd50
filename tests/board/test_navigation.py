"""Every page of the navigation opens, by the roles that have it, on a desk and on a phone."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.board.browser import DESKTOP, PHONE
from tests.board.conftest import OpenVisit

ROLES = ("office", "unit", "leader", "field", "inspector", "viewer", "approval")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_every_page_of_the_office_opens_without_a_fault(
    visit: OpenVisit, size: dict[str, int]
) -> None:
    office = await visit("office", size=size)
    views = await office.linked_views()
    assert len(views) >= 9
    for view in views:
        await office.go(view)
        assert await office.page.locator("main h1").count() == 1, view
        assert await office.axe_violations() == [], view
        wider = await office.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, view


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_of_a_role_opens_without_a_fault(visit: OpenVisit, role: str) -> None:
    person = await visit(role)
    views = await person.linked_views()
    assert views
    for view in views:
        await person.go(view)
        assert await person.page.locator("main .problem").count() == 0, view


async def test_a_page_that_is_not_there_or_not_for_one_says_so(visit: OpenVisit) -> None:
    viewer = await visit("viewer", "letters")
    await viewer.page.get_by_role("heading", name="这一页不对您开放").wait_for()
    await viewer.go("nowhere")
    await viewer.page.get_by_role("heading", name="没有这一页").wait_for()


@pytest.mark.parametrize("name", ["constructor", "toString", "__proto__", "hasOwnProperty", "%"])
async def test_what_every_object_knows_is_no_page(visit: OpenVisit, name: str) -> None:
    viewer = await visit("viewer", name)
    await viewer.page.get_by_role("heading", name="没有这一页").wait_for()


async def test_what_every_object_knows_is_no_word_of_a_problem_or_a_list(visit: OpenVisit) -> None:
    nobody = await visit("", "sign-in?problem=constructor")
    await nobody.page.get_by_text("登录没有完成，请重来一次。").wait_for()
    office = await visit("office", expected=("422",))
    for view in ("projects?nature=constructor", "ranking?sort=pillar:constructor&unit=toString"):
        await office.go(view)
        assert "native code" not in await office.page.locator("main").inner_text()


@pytest.mark.parametrize("view", ["{}", "projects/{}", "letters?project={}", "people/{}"])
async def test_a_long_word_of_an_address_makes_no_page_wider(visit: OpenVisit, view: str) -> None:
    word = "x" * 400
    office = await visit("office", view.format(word), size=PHONE, expected=("404", "422"))
    wider = await office.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0


async def test_who_is_not_signed_in_is_asked_to(visit: OpenVisit) -> None:
    nobody = await visit("", "projects")
    await nobody.page.get_by_role("heading", name="登录").first.wait_for()
    assert await nobody.axe_violations() == []


@pytest.mark.parametrize("broken", [False, True], ids=["renewed", "broken"])
async def test_a_page_that_is_open_over_a_new_build_loads_itself_anew_once(
    visit: OpenVisit, broken: bool
) -> None:
    """A part of before is not there any more; where the new one is not either, that is said."""
    office = await visit("office", expected=("404", "WallPage"))
    wall = "**/assets/WallPage-*.js"

    async def answer_nothing(route: Route) -> None:
        await route.fulfill(status=404)

    async def end_absence(_: Page) -> None:
        await office.page.unroute(wall)

    await office.page.route(wall, answer_nothing)
    if not broken:
        office.page.once("load", end_absence)
    await office.page.get_by_role("link", name="挂图").click()
    if broken:
        await office.page.get_by_role("alert").wait_for()
    else:
        await office.page.get_by_role("heading", level=1, name="挂图").wait_for()


@pytest.mark.parametrize("view", ["ranking", "boards", "wall"])
async def test_a_run_that_is_not_there_is_said_and_the_latest_is_near(
    visit: OpenVisit, view: str
) -> None:
    office = await visit("office", f"{view}?run=999999", expected=("404",))
    await expect(office.page.get_by_role("alert")).to_be_visible()
    await office.page.get_by_role("link", name="看最近的一次").click()
    await expect(office.page.get_by_role("alert")).to_have_count(0)
    await expect(office.page.get_by_role("combobox", name="计分")).to_be_visible()
