"""A browser on the board: Debian's Chromium, driven by Playwright, that downloads nothing.

A visit is one page of one person. It keeps what went wrong: errors on the console, requests to
other origins, breaches of the content security policy; whoever opened it is told at its end.
"""

import json
import os
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    async_playwright,
    expect,
)

from services.registry.sessions.browsers import COOKIE
from tests.board.county import County
from tests.paths import ROOT

BOARD = ROOT / "services" / "board"
AXE = BOARD / "node_modules" / "axe-core" / "axe.min.js"
KEPT = Path(__file__).with_name("kept")
CHROMIUM = shutil.which("chromium")
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
WITHIN = 15_000  # milliseconds until a page shows what it waits for, on a busy machine
INSIDE = ("data:", "blob:")  # addresses that lead nowhere
BUSY = "main [aria-busy=true], main .waiting"
ROWS = "tr, [role=row], [role=listitem], li"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# A list may scroll in a box of its own, which is then longer than the page.
NEXT_SCREEN = """() => {
    const page = document.scrollingElement;
    const boxes = [...document.querySelectorAll("main .table-box")];
    const longest = [page, ...boxes].reduce((a, b) => (a.scrollHeight >= b.scrollHeight ? a : b));
    longest.scrollBy({ top: longest.clientHeight, behavior: "instant" });
    return longest.scrollTop + longest.clientHeight >= longest.scrollHeight - 1;
}"""


def why_not() -> str:
    """A sentence that says why no page can be opened here, blank where it can."""
    if CHROMIUM is None:
        return "there is no chromium"
    if not (BOARD / "dist" / "index.html").exists():
        return "the board is not built: make setup"
    if not AXE.exists():
        return "the packages of the board are not there: make setup"
    return ""


@asynccontextmanager
async def run_browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=WITHIN)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@dataclass
class Visit:
    """One person's page; `expected` are parts of complaints that are no fault here."""

    page: Page
    address: str
    expected: Collection[str] = ()
    complaints: list[str] = field(default_factory=list)
    pending: set[Request] = field(default_factory=set)

    def watch(self) -> None:
        """Keep what goes wrong from now on."""
        self.page.set_default_timeout(WITHIN)
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self.see)
        self.page.on("requestfinished", self.forget)
        self.page.on("requestfailed", self.forget)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self.complaints.append(f"console: {message.text} {place}".strip())

    def see(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", *INSIDE)):
            self.complaints.append(f"outside: {request.method} {request.url}")
        elif not request.url.startswith(INSIDE):
            self.pending.add(request)

    def forget(self, request: Request) -> None:
        self.pending.discard(request)

    @property
    def faults(self) -> list[str]:
        return [each for each in self.complaints if not any(part in each for part in self.expected)]

    async def go(self, view: str) -> None:
        """Go to a view, as `ranking?run=3`, and wait until it shows what it has."""
        await self.page.goto(f"{self.address}/#/{view}")
        await self.settle()

    async def settle(self) -> None:
        """Wait until the page has its heading and waits for no answer."""
        await expect(self.page.locator("main h1").first).to_be_visible()
        while True:
            await expect(self.page.locator(BUSY)).to_have_count(0)
            await self.page.evaluate(TWO_FRAMES)
            if not self.pending and not await self.page.locator(BUSY).count():
                return

    async def linked_views(self) -> list[str]:
        """The views of the navigation."""
        script = "all => all.map(each => each.hash.slice(2))"
        views: list[str] = await self.page.locator("nav a").evaluate_all(script)
        return views

    async def axe_violations(self) -> list[str]:
        """What axe-core finds, by all its rules; it comes in past the page's policy."""
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(f"() => {{ {AXE.read_text('utf-8')} }}")
        found = await self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {rule['help']}\n  {node['html']}\n  {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    async def accessibility_tree(self) -> str:
        """What a screen reader is told of the main part."""
        return f"{await self.page.locator('main').aria_snapshot()}\n"

    async def count_rows(self) -> int:
        """The rows and items of lists that the page has at this moment."""
        return await self.page.locator(ROWS).count()

    async def scroll_through(self, screens: int) -> int:
        """Scroll down screen by screen, as many or to the end; the most rows at any moment."""
        most = await self.count_rows()
        for _ in range(screens):
            is_end = await self.page.evaluate(NEXT_SCREEN)
            await self.page.evaluate(TWO_FRAMES)
            most = max(most, await self.count_rows())
            if is_end:
                break
        return most

    async def longest_task(self, screens: int) -> float:
        """Milliseconds of a processor that the longest task of scrolling took.

        Not the time on the wall, in which a busy machine lets others work.
        """
        browser = self.page.context.browser
        assert browser
        await browser.start_tracing(page=self.page, categories=["toplevel"])
        await self.scroll_through(screens)
        return longest_of(json.loads(await browser.stop_tracing()))


def longest_of(trace: dict[str, Any]) -> float:
    """The longest task of the pages' main threads in a trace, in milliseconds."""
    events = trace["traceEvents"]
    main_threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    taken: list[float] = [
        event.get("tdur", event.get("dur", 0)) / 1000
        for event in events
        if event["ph"] == "X" and (event["pid"], event["tid"]) in main_threads
    ]
    assert taken, "a trace without tasks"
    return max(taken)


@asynccontextmanager
async def open_visit(
    browser: Browser,
    county: County,
    role: str,
    view: str = "today",
    *,
    size: ViewportSize = DESKTOP,
    dark: bool = False,
    expected: Collection[str] = (),
) -> AsyncIterator[Visit]:
    """The page as somebody of this role sees it, signed in; blank is nobody yet.

    Raises AssertionError at the end, where something went wrong meanwhile.
    """
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = await browser.new_context(
        viewport=size,
        color_scheme=scheme,
        locale="zh-CN",
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
        reduced_motion="reduce",
    )
    visit = Visit(await context.new_page(), county.address, expected)
    visit.watch()
    if role:
        path, secret = f"{county.address}/registry/v1/session", await county.cookie(role)
        await context.add_cookies([{"name": COOKIE, "value": secret, "url": path}])
    await visit.go(view)
    yield visit
    await context.close()
    assert not visit.faults, "\n".join(visit.faults)


def keep(name: str, found: str) -> None:
    """Compare with what is kept under this name, or keep it (`BAIRI_KEEP=1`)."""
    path = KEPT / name
    if os.environ.get("BAIRI_KEEP"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    kept = path.read_text("utf-8")
    changes = unified_diff(kept.splitlines(), found.splitlines(), "kept", "found", lineterm="")
    assert found == kept, "\n".join(changes)
