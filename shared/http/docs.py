"""`/docs`: the document as a page to read and to try, for networks without the internet.

Swagger UI comes out of an installed package, and the page asks nobody else.
"""

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

ASSETS_PATH = "docs/assets"  # relative to the page, so that it works below any prefix
# The defaults would ask a validator on the internet for a badge.
SWAGGER_SETTINGS = {"validatorUrl": None, "docExpansion": "none", "filter": True}


def add_docs(app: FastAPI) -> None:
    """Add the page and its assets."""
    app.mount(f"/{ASSETS_PATH}", StaticFiles(packages=[("fastapi_offline", "static")]))

    @app.get("/docs", include_in_schema=False)
    async def show_docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title=app.title,
            swagger_js_url=f"{ASSETS_PATH}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS_PATH}/swagger-ui.css",
            swagger_favicon_url=f"{ASSETS_PATH}/favicon.png",
            swagger_ui_parameters=SWAGGER_SETTINGS,
        )
