"""`/docs`: the document as a page to read and to try, in Chinese, without the internet.

Swagger UI comes out of an installed package, its words in Chinese from beside this module, and the
page asks nobody else.
"""

from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

ASSETS_PATH = "docs/assets"  # relative to the page, so that it works below any prefix
OWN_ASSETS = Path(__file__).with_name("docs_assets")
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Swagger UI writes some into its elements
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PAGE_HEADERS = MappingProxyType(
    {
        "content-security-policy": "; ".join(f"{name} {of}" for name, of in SOURCES.items()),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
)
PAGE = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}} 接口文档</title>
<link rel="icon" href="{ASSETS_PATH}/favicon.png">
<link rel="stylesheet" href="{ASSETS_PATH}/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="{ASSETS_PATH}/swagger-ui-bundle.js"></script>
<script src="{ASSETS_PATH}/docs.js"></script>
</body>
</html>
"""


def add_docs(app: FastAPI) -> None:
    """Add the page and its assets."""
    files = StaticFiles(directory=OWN_ASSETS, packages=[("fastapi_offline", "static")])
    app.mount(f"/{ASSETS_PATH}", files)

    @app.get("/docs", include_in_schema=False)
    async def show_docs() -> HTMLResponse:
        return HTMLResponse(PAGE.format(title=app.title), headers=dict(PAGE_HEADERS))
