"""`python -m tests.board.pictures DIR [VIEW …]`: pictures of the board's views, to be looked at.

Each view is drawn as the office sees it at 1440 and at 390 pixels, dark, and printed, page by page.
Without a view it is every page of the navigation, and the page of who is not signed in.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from playwright.async_api import Browser

from shared.database.embedded_postgres import run_embedded_server
from shared.http.tokens import Issuer
from tests.board.browser import DESKTOP, PHONE, Visit, open_visit, run_browser, why_not
from tests.board.county import County, run_county

DPI, POINTS = 96, 72
LOOKS = {
    "1440": {"size": DESKTOP},
    "390": {"size": PHONE},
    "dark": {"size": DESKTOP, "dark": True},
}


async def draw_all(server: str, issuer: Issuer, folder: Path, views: Sequence[str]) -> None:
    """Draw on a county of their own."""
    async with (
        run_county(server, issuer, "pictures") as county,
        run_browser() as browser,
    ):
        for view in views or await pages_of(browser, county):
            await draw(browser, county, view, folder)
        if not views:
            await draw(browser, county, "sign-in", folder, role="")


async def pages_of(browser: Browser, county: County) -> list[str]:
    async with open_visit(browser, county, "office") as visit:
        return await visit.linked_views()


async def draw(
    browser: Browser, county: County, view: str, folder: Path, role: str = "office"
) -> None:
    """Draw a view in all its looks; what went wrong meanwhile is told, and the next one drawn."""
    name = "".join(letter if letter.isalnum() else "-" for letter in view)
    for look, how in LOOKS.items():
        async with open_visit(browser, county, role, view, expected=("",), **how) as visit:  # type: ignore[arg-type]
            await visit.page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
            if look == "1440":
                await print_pages(visit, folder, name)
            for fault in visit.complaints:
                sys.stderr.write(f"{view} {look}: {fault}\n")
    sys.stdout.write(f"{view}\n")


async def print_pages(visit: Visit, folder: Path, name: str) -> None:
    """The pages as the browser prints them on A4, or on the paper that their style names."""
    content = await visit.page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    (folder / f"{name}.pdf").write_bytes(content)
    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document, 1):
            picture = page.render(scale=DPI / POINTS).to_pil()
            picture.save(folder / f"{name}-print-{number}.png")


def main(folder: Path, views: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bairi-pictures-") as data:
        Path(data).chmod(0o711)
        issuer = Issuer(Path(data) / "issuer.json")
        with run_embedded_server(Path(data) / "postgres") as server:
            asyncio.run(draw_all(server, issuer, folder, views))


if __name__ == "__main__":
    if reason := why_not():
        sys.exit(reason)
    main(Path(sys.argv[1]), sys.argv[2:])
