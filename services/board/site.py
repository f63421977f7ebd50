"""The built page at `/` of an origin, its assets below, and what a browser may do with them.

The page asks nobody but its origin, and its policy holds it to that. An asset's name has a hash of
its content, so it never changes; it lies compressed beside itself. The files are read when they are
asked for: a page that is built anew is served from then on.
"""

import asyncio
import re
from pathlib import Path, PurePath
from types import MappingProxyType

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from shared.http.delivery import accepts_gzip

DIST = Path(__file__).with_name("dist")
ASSET_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
MEDIA_TYPES = MappingProxyType(
    {".css": "text/css", ".js": "text/javascript", ".png": "image/png", ".svg": "image/svg+xml"}
)
IMMUTABLE = "public, max-age=31536000, immutable"
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
# A page needs none of these; what it does need, as full screen and passkeys, it has as it is.
UNUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
FILE_HEADERS = MappingProxyType(
    {"x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"}
)
PAGE_HEADERS = MappingProxyType(
    {
        **FILE_HEADERS,
        "content-security-policy": "; ".join(f"{name} {of}" for name, of in SOURCES.items()),
        # An invitation's code stands after the `#`, which stays with who opened it.
        "referrer-policy": "no-referrer",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
        "cross-origin-opener-policy": "same-origin",
    }
)
UNBUILT_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>百日</title>
<h1>网页还没有生成</h1>
<p>在百日的文件夹里运行 <code>make setup</code>（要能连上 npm 软件源），再刷新本页。接口照常可用：
<a href="docs">接口说明</a>。</p>
<p lang="en">The page is not built. Run <code>make setup</code> in the folder of Bairi, where npm's
registry can be reached, then load this page again. The services answer as ever:
<a href="docs">how to call them</a>.</p>
</html>
"""


class Site:
    """A built page, in a folder that may be empty or not be there yet."""

    def __init__(self, folder: Path = DIST) -> None:
        self.page, self.assets = folder / "index.html", folder / "assets"

    async def show_page(self, _: Request) -> Response:
        """The page, or how to build it."""
        page = await read_file(self.page)
        return HTMLResponse(page or UNBUILT_PAGE, headers=dict(PAGE_HEADERS))

    async def show_asset(self, name: str, request: Request) -> Response:
        """A script, style sheet or picture, compressed where that is taken."""
        media_type = MEDIA_TYPES.get(PurePath(name).suffix)
        if media_type is None or not ASSET_NAME.fullmatch(name):
            raise HTTPException(404)
        headers = {**FILE_HEADERS, "cache-control": IMMUTABLE}
        content = None
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            content = await read_file(self.assets / f"{name}.gz")
            headers |= {"content-encoding": "gzip"} if content else {}
        content = content or await read_file(self.assets / name)
        if content is None:
            raise HTTPException(404)
        return Response(content, headers=headers, media_type=media_type)


def add_site(app: FastAPI, site: Site) -> None:
    """Add the assets; the page itself is shown by the application's index."""
    app.get("/assets/{name}", include_in_schema=False)(site.show_asset)


async def read_file(path: Path) -> bytes | None:
    """A file's content, nothing where it is not there, or cannot be, by so long a name."""
    try:
        return await asyncio.to_thread(path.read_bytes)
    except OSError:
        return None
