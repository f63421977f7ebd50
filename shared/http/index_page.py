"""`/`: where things are, for programs as JSON, for people who come with a browser as a page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from html import escape
from types import MappingProxyType

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

ShowPage = Callable[[Request], Awaitable[Response]]
NO_SERVICES: Mapping[str, str] = MappingProxyType({})
OWN_LINKS = {"docs": ("docs", "接口说明"), "openapi": ("openapi.json", "接口文档（OpenAPI）")}
SERVICE_LINKS = {
    "live": ("health/live", "进程是否应答"),
    "ready": ("health/ready", "数据库是否应答"),
    "metrics": ("metrics", "运行指标"),
}
PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<ul>
{items}
</ul>
</html>
"""


def add_index(
    app: FastAPI,
    services: Mapping[str, str] = NO_SERVICES,
    show_page: ShowPage | None = None,
) -> None:
    """Add the page of an application; `services` are the names of those below it, in Chinese.

    An application of several services has no health of its own. `show_page` answers browsers in
    place of the list of links.
    """
    links = OWN_LINKS | ({} if services else SERVICE_LINKS)
    links |= {name: (f"{name}/", zh) for name, zh in services.items()}

    @app.get("/", include_in_schema=False)
    async def show_index(request: Request) -> Response:
        base = request.scope.get("root_path", "").rstrip("/")
        places = {name: (f"{base}/{path}", zh) for name, (path, zh) in links.items()}
        headers = {"vary": "Accept"}
        if "text/html" in request.headers.get("accept", ""):
            if show_page is None:
                return HTMLResponse(build_page(app.title, places.values()), headers=headers)
            page = await show_page(request)
            page.headers.update(headers)
            return page
        addresses = {name: address for name, (address, _) in places.items()}
        body = {"title": app.title, "version": app.version, "links": addresses}
        return JSONResponse(body, headers=headers)


def build_page(title: str, places: Iterable[tuple[str, str]]) -> str:
    items = "\n".join(
        f'<li><a href="{escape(address)}">{escape(zh)}</a></li>' for address, zh in places
    )
    return PAGE.format(title=escape(title), items=items)
