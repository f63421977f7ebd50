"""People come in: invited, by passkey or password; devices revoked, tabs told, typing kept."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ViewportSize, expect

from shared.http.tokens import Issuer
from tests.board.browser import DESKTOP, PHONE, Visit
from tests.board.county import County, run_county

PASSWORD = "yangxian-2026-11"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
TOLD = ("Failed to load resource",)  # by the browser, of the refusals that are wanted here
FIVE_MINUTES_ON = "Date.now = (now => () => now() + 300_000)(Date.now)"


async def furnish_nothing(county: County) -> None:
    """The office and the people that it invites are all there is."""


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    async with run_county(server, issuer, "people", furnish_nothing) as made:
        yield made


class Door:
    """Browsers that nobody is signed in with yet, at the name that passkeys are bound to."""

    def __init__(self, browser: Browser, county: County, stack: AsyncExitStack) -> None:
        self.browser, self.county, self.stack = browser, county, stack
        self.address = county.address.replace("127.0.0.1", "localhost")

    async def open(self, view: str, size: ViewportSize = DESKTOP, passkeys: bool = False) -> Visit:
        context = await self.browser.new_context(viewport=size, locale="zh-CN")
        self.stack.push_async_callback(context.close)
        visit = Visit(await context.new_page(), self.address, TOLD)
        visit.watch()
        if passkeys:
            await add_authenticator(context, visit)
        await visit.go(view)
        self.stack.callback(lambda: check(visit))
        return visit

    async def invite(self, role: str, name: str) -> str:
        """The view that an invitation's link leads to."""
        invitation = await self.county.invite(role, name)
        return f"invitation/{invitation['code']}"


def check(visit: Visit) -> None:
    assert visit.faults == []


async def add_authenticator(context: BrowserContext, visit: Visit) -> None:
    """A device with a finger's print, as Chromium plays it."""
    session = await context.new_cdp_session(visit.page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


@pytest.fixture
async def door(browser: Browser, own_county: County) -> AsyncIterator[Door]:
    async with AsyncExitStack() as stack:
        yield Door(browser, own_county, stack)


def heading(visit: Visit, name: str) -> Any:
    return visit.page.get_by_role("heading", name=name, exact=True)


async def accept_by_password(visit: Visit, password: str = PASSWORD) -> None:
    choice = visit.page.get_by_role("radio", name="密码：")
    if await choice.count():
        await choice.check()
    await visit.page.get_by_label("设一个密码").fill(password)
    await visit.page.get_by_role("button", name="接受并登录").press("Enter")


async def sign_out(visit: Visit) -> None:
    await visit.go("account")
    await visit.page.get_by_role("button", name="退出登录").press("Enter")
    dialog = visit.page.get_by_role("dialog", name="退出这台设备上的登录？")
    await dialog.get_by_role("button", name="退出", exact=True).press("Enter")
    await expect(heading(visit, "登录百日")).to_be_visible()


async def test_an_invitation_is_accepted_by_a_passkey_that_signs_in_again(door: Door) -> None:
    visit = await door.open(await door.invite("office", "周主任"), passkeys=True)
    await expect(visit.page.locator("main")).to_contain_text("邀请 周主任 使用百日")
    assert await visit.page.evaluate("location.hash") == "#/invitation"  # the code is a secret
    assert await visit.axe_violations() == []
    await visit.page.get_by_role("button", name="用通行密钥接受").press("Enter")
    await expect(heading(visit, "今日")).to_be_visible()
    await sign_out(visit)
    await visit.page.get_by_role("button", name="用通行密钥登录").press("Enter")
    await expect(heading(visit, "我的账号和设备")).to_be_visible()  # what was asked for
    await expect(visit.page.get_by_text("这台设备", exact=True)).to_be_visible()
    await expect(visit.page.get_by_text("（通行密钥）")).to_be_visible()
    assert await visit.axe_violations() == []


async def test_a_passkey_is_added_by_the_password_and_a_password_set_by_a_passkey(
    door: Door,
) -> None:
    adding = await door.open(await door.invite("office", "韩主任"), passkeys=True)
    await accept_by_password(adding)
    await expect(heading(adding, "今日")).to_be_visible()
    await adding.go("account")
    form = adding.page.locator("form").filter(has_text="在这台设备上增加一个")
    for password in ("wrong-" + PASSWORD, PASSWORD):
        await form.get_by_label("现在的密码").fill(password)
        await form.get_by_role("button", name="在这台设备上增加一个").press("Enter")
        if password != PASSWORD:
            await expect(form.get_by_role("alert")).to_contain_text("密码不对")
    await expect(adding.page.get_by_text("登记于")).to_be_visible()
    assert await adding.axe_violations() == []

    setting = await door.open(await door.invite("office", "杨主任"), passkeys=True)
    await setting.page.get_by_role("button", name="用通行密钥接受").press("Enter")
    await expect(heading(setting, "今日")).to_be_visible()
    await setting.go("account")
    await setting.page.get_by_label("新密码").fill(PASSWORD)
    await setting.page.get_by_role("button", name="更改", exact=True).press("Enter")
    await expect(heading(setting, "更改密码")).to_be_visible()  # there is one now


async def test_a_second_device_comes_in_by_a_link_and_is_out_when_the_office_revokes_it(
    door: Door,
) -> None:
    office = await door.open(await door.invite("office", "吴主任"))
    await accept_by_password(office)
    await expect(heading(office, "今日")).to_be_visible()
    await office.go("people")
    await office.page.get_by_role("button", name="邀请人员").press("Enter")
    await office.page.get_by_label("姓名").fill("郑纪检")
    await office.page.get_by_label("角色").select_option("inspector")
    await office.page.get_by_role("button", name="生成链接和二维码").press("Enter")
    link = await office.page.get_by_label("链接", exact=True).input_value()
    await expect(office.page.get_by_role("img", name="邀请链接的二维码")).to_be_visible()
    assert await office.axe_violations() == []

    second = await door.open(link.split("/#/")[1], size=PHONE)
    await accept_by_password(second, "12345678")
    wrong = second.page.get_by_label("设一个密码")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(second.page.get_by_role("alert")).to_contain_text("至少 8 个字符")
    assert await second.axe_violations() == []
    await accept_by_password(second)
    await expect(heading(second, "今日")).to_be_visible()
    third = await door.open(link.split("/#/")[1])
    await expect(third.page.get_by_role("alert")).to_contain_text("已接受")

    await office.page.get_by_role("button", name="关闭").press("Enter")
    await office.page.get_by_role("link", name="郑纪检").press("Enter")
    await office.page.get_by_role("button", name="撤销").press("Enter")
    await office.page.get_by_role("dialog").get_by_role("button", name="撤销").press("Enter")
    await expect(office.page.get_by_text("没有登录中的设备。")).to_be_visible()

    await second.page.evaluate(FIVE_MINUTES_ON)
    await second.page.evaluate("location.hash = '#/letters'")
    ended = second.page.get_by_role("dialog", name="登录已结束")
    await expect(ended).to_contain_text("已撤销")
    assert await second.axe_violations() == []


async def test_what_is_typed_stays_while_one_signs_in_again(door: Door) -> None:
    office = await door.open(await door.invite("office", "冯主任"))
    await accept_by_password(office)
    await expect(heading(office, "今日")).to_be_visible()
    await office.go("people")
    await office.page.get_by_role("button", name="邀请人员").press("Enter")
    await office.page.get_by_label("姓名").fill("陈公开")
    await office.page.get_by_label("角色").select_option("viewer")
    await office.page.context.clear_cookies()
    await office.page.evaluate(FIVE_MINUTES_ON)
    await office.page.get_by_role("button", name="生成链接和二维码").press("Enter")
    again = office.page.get_by_role("dialog", name="登录已结束")
    await expect(again.get_by_label("登录名")).to_have_value("冯主任")
    await again.get_by_label("密码", exact=True).fill("wrong-" + PASSWORD)
    await again.get_by_role("button", name="登录", exact=True).press("Enter")
    await expect(again.get_by_role("alert")).to_contain_text("登录名或密码不对")
    await again.get_by_label("密码", exact=True).fill(PASSWORD)
    await again.get_by_role("button", name="登录", exact=True).press("Enter")
    await expect(office.page.locator(".session-end")).to_have_count(0)
    await expect(office.page.get_by_label("姓名")).to_have_value("陈公开")
    await office.page.get_by_role("button", name="生成链接和二维码").press("Enter")
    await expect(office.page.get_by_label("链接", exact=True)).to_be_visible()


async def test_signing_out_in_one_tab_signs_out_the_others(door: Door) -> None:
    first = await door.open(await door.invite("office", "褚主任"))
    await accept_by_password(first)
    await expect(heading(first, "今日")).to_be_visible()
    other = Visit(await first.page.context.new_page(), door.address, TOLD)
    await other.go("rules")
    await sign_out(first)
    await expect(heading(other, "登录百日")).to_be_visible()
    await first.page.get_by_label("登录名").fill("褚主任")
    await first.page.get_by_label("密码", exact=True).fill(PASSWORD)
    await first.page.get_by_role("button", name="登录", exact=True).press("Enter")
    await expect(heading(first, "我的账号和设备")).to_be_visible()
    await expect(heading(other, "登录百日")).to_be_hidden()


async def test_a_link_on_a_device_of_somebody_else_says_so(door: Door) -> None:
    visit = await door.open(await door.invite("office", "卫主任"))
    await accept_by_password(visit)
    await expect(heading(visit, "今日")).to_be_visible()
    await visit.go(await door.invite("viewer", "蒋公开"))
    await expect(visit.page.get_by_role("status")).to_contain_text("现在由卫主任")
    await visit.page.get_by_role("link", name="不接受").press("Enter")
    await expect(heading(visit, "今日")).to_be_visible()


async def test_a_sign_in_name_that_is_taken_is_told_beside_it(door: Door) -> None:
    for _ in range(2):
        visit = await door.open(await door.invite("viewer", "沈公开"))
        await accept_by_password(visit)
    name = visit.page.get_by_label("登录名")
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(visit.page.get_by_role("alert")).to_contain_text("登录名已有人用")
    await name.fill("沈公开二")
    await visit.page.get_by_role("button", name="接受并登录").press("Enter")
    await expect(heading(visit, "今日")).to_be_visible()


async def test_wrong_passwords_lock_and_say_until_when(door: Door) -> None:
    visit = await door.open("sign-in")
    for _ in range(6):
        await visit.page.get_by_label("登录名").fill("没有这个人")
        await visit.page.get_by_label("密码", exact=True).fill("no-such-password")
        await visit.page.get_by_role("button", name="登录", exact=True).press("Enter")
        await visit.settle()
    await expect(visit.page.get_by_role("alert")).to_contain_text("登录失败次数太多")
    assert await visit.axe_violations() == []


async def test_what_went_wrong_elsewhere_is_told_by_its_word_alone(door: Door) -> None:
    visit = await door.open("sign-in?problem=oidc-nobody")
    await expect(visit.page.get_by_role("alert")).to_contain_text("这里没有您的账号")
    await visit.go("sign-in?problem=请拨打热线")
    await expect(visit.page.get_by_role("alert")).to_have_text("登录没有完成，请重来一次。")
