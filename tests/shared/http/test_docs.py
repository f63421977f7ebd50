"""`/docs` works in a network without the internet: all that it loads comes from where it is."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.cli.server.all_in_one import mount_services
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.idempotency import AnswerColumns
from shared.http.tokens import Issuer

WORD = re.compile(r'^  "([^"]+)": "([^"]+)",$', re.MULTILINE)  # of docs.js
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ADDRESS = re.compile(r"\burl\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Links(HTMLParser):
    """What a page loads or leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script":
            self.scripts.append(data)


@pytest.fixture
def whole(server: str, issuer: Issuer) -> FastAPI:
    """A service on its own, below a prefix of another, as in `bairi up`."""
    part = create_service_app(
        "Shell", sessions=create_sessions(server), keys=KeySet([]), answers=AnswerColumns
    )
    return mount_services({"shell": part}, issuer)


@pytest.fixture
def client(whole: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(whole), base_url="http://bairi")


@pytest.mark.parametrize("page", ["/docs", "/shell/docs"])
async def test_all_that_the_page_loads_is_beside_it(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    assert answer.status_code == 200
    links = Links(answer.text)
    assert not "".join(links.scripts).strip()
    assert len(links.found) == 4
    for link in [*links.found, "openapi.json"]:
        assert not urlsplit(link).scheme
        assert not urlsplit(link).netloc
        assert not link.startswith("/"), "else it breaks below a prefix"
        loaded = await client.get(urljoin(page, link))
        assert loaded.status_code == 200, link
    assert "://" not in answer.text


@pytest.mark.parametrize("page", ["/docs", "/shell/docs"])
async def test_the_page_is_in_no_frame_and_loads_from_its_origin_only(
    client: httpx.AsyncClient, page: str
) -> None:
    headers = (await client.get(page)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/nowhere", "/shell/nowhere"])
async def test_a_problem_is_taken_for_no_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_asks_nobody_else(client: httpx.AsyncClient) -> None:
    script = (await client.get("/docs/assets/docs.js")).text
    assert 'url: "openapi.json"' in script
    assert "validatorUrl: null" in script
    assert "://" not in script


async def test_the_page_knows_its_words_in_chinese(client: httpx.AsyncClient) -> None:
    """Else: another Swagger UI says something else, and docs.js has to say that in Chinese."""
    script = (await client.get("/docs/assets/docs.js")).text
    library = (await client.get("/docs/assets/swagger-ui-bundle.js")).text
    words = dict(WORD.findall(script))
    assert len(words) > 50
    assert [word for word in words if word not in library] == []
    assert {word: said for word, said in words.items() if not CHINESE.search(said)} == {}
    assert 'lang="zh-CN"' in (await client.get("/docs")).text


async def test_the_styles_load_nothing_else(client: httpx.AsyncClient) -> None:
    styles = (await client.get("/docs/assets/swagger-ui.css")).text
    assert [*addresses(styles)]
    assert [address for address in addresses(styles) if not address.startswith("data:")] == []


def addresses(styles: str) -> Iterator[str]:
    for one, other in ADDRESS.findall(styles):
        yield one or other


async def test_the_document_knows_the_prefix_it_is_below(client: httpx.AsyncClient) -> None:
    alone = (await client.get("/shell/openapi.json")).json()
    assert [server["url"] for server in alone["servers"]] == ["/shell", "/"]
    merged = (await client.get("/openapi.json")).json()
    assert [*merged["paths"]] == [f"/shell{path}" for path in alone["paths"]]
