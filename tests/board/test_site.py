"""The built page at the root of the origin, as a browser and as a program ask for it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.board.build import pack
from services.board.site import Site
from services.cli.server.all_in_one import mount_services
from shared.http.tokens import Issuer

PAGE = "<!doctype html><title>百日</title><script src=assets/index-C.js></script>"
SCRIPT = "console.log('百日');\n" * 100
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built page, but for its stamp."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    script = tmp_path / "assets" / "index-C.js"
    script.write_text(SCRIPT, "utf-8")
    pack(script)
    (tmp_path / "assets" / "icon-D.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "stamp").write_text("0" * 64, "ascii")
    return tmp_path


@pytest.fixture
async def origin(folder: Path, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(mount_services({}, issuer, Site(folder)))
    async with httpx.AsyncClient(transport=transport, base_url="http://origin") as client:
        yield client


async def test_a_browser_gets_the_page_and_asks_for_it_anew_each_time(
    origin: httpx.AsyncClient,
) -> None:
    page = await origin.get("/", headers=BROWSER)
    assert (page.status_code, page.text) == (200, PAGE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert {"Accept", "Accept-Encoding"} <= {*page.headers["vary"].split(", ")}
    known = {**BROWSER, "if-none-match": page.headers["etag"]}
    assert (await origin.get("/", headers=known)).status_code == 304
    head = await origin.head("/", headers=BROWSER)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == page.headers["etag"]


async def test_a_program_gets_links_as_before(origin: httpx.AsyncClient) -> None:
    for accept in ("*/*", "application/json"):
        links = await origin.get("/", headers={"accept": accept})
        assert "docs" in links.json()["links"]
        assert "content-security-policy" not in links.headers


async def test_the_page_may_ask_nobody_but_its_origin(origin: httpx.AsyncClient) -> None:
    headers = (await origin.get("/", headers=BROWSER)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    for kind in ("script", "style", "connect", "font"):
        assert policy[f"{kind}-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]


async def test_an_asset_is_kept_for_ever(origin: httpx.AsyncClient) -> None:
    script = await origin.get("/assets/index-C.js", headers={"accept-encoding": "identity"})
    assert (script.status_code, script.text) == (200, SCRIPT)
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert script.headers["vary"] == "Accept-Encoding"
    known = {"accept-encoding": "identity", "if-none-match": script.headers["etag"]}
    assert (await origin.get("/assets/index-C.js", headers=known)).status_code == 304
    icon = await origin.get("/assets/icon-D.svg")
    assert icon.headers["content-type"] == "image/svg+xml"


async def test_an_asset_is_sent_as_it_was_compressed_at_the_building(
    origin: httpx.AsyncClient, folder: Path
) -> None:
    packed = (folder / "assets" / "index-C.js.gz").read_bytes()
    assert gzip.decompress(packed).decode() == SCRIPT
    request = origin.build_request("GET", "/assets/index-C.js", headers={"accept-encoding": "gzip"})
    answer = await origin.send(request, stream=True)
    assert b"".join([part async for part in answer.aiter_raw()]) == packed
    assert answer.headers["content-encoding"] == "gzip"
    head = await origin.head("/assets/index-C.js", headers={"accept-encoding": "gzip"})
    assert head.headers["content-length"] == str(len(packed))


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-A.js",
        "/assets/index-C.js.gz",
        "/assets/",
        "/assets/..%2Fstamp",
        "/assets/..%2Findex.html",
        "/assets/%2E%2E%2Fassets%2Findex-C.js",
        "/assets/.js",
        f"/assets/{'a' * 300}.js",
        "/index.html",
        "/stamp",
    ],
)
async def test_nothing_else_of_the_folder_is_there(origin: httpx.AsyncClient, path: str) -> None:
    answer = await origin.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_that_is_not_built_says_how_it_is(issuer: Issuer, tmp_path: Path) -> None:
    transport = httpx.ASGITransport(mount_services({}, issuer, Site(tmp_path / "dist")))
    async with httpx.AsyncClient(transport=transport, base_url="http://origin") as client:
        page = await client.get("/", headers=BROWSER)
        assert page.status_code == 200
        assert "make setup" in page.text
        assert "网页还没有生成" in page.text
        assert "content-security-policy" in page.headers
        assert (await client.get("/assets/index-C.js")).status_code == 404
        assert (await client.get("/docs")).status_code == 200
        assert "links" in (await client.get("/")).json()


async def test_a_page_that_is_built_anew_is_served_without_a_new_start(
    origin: httpx.AsyncClient, folder: Path
) -> None:
    await origin.get("/", headers=BROWSER)
    (folder / "index.html").write_text(PAGE + "2", "utf-8")
    assert (await origin.get("/", headers=BROWSER)).text == PAGE + "2"
