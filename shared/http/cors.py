"""Cross-origin requests: the pages of other origins that may ask a service, none by default.

A page sends its token itself, so no cookies are taken from elsewhere, and each origin is named.
"""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI
from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode
from starlette.middleware.cors import CORSMiddleware

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "If-Range",
    "Range",
    "X-Request-Id",
)
RESPONSE_HEADERS = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Location",
    "Retry-After",
    "X-Request-Id",
)
PREFLIGHT_SECONDS = 7200  # as long as browsers keep an answer at most


def check_origin(origin: str) -> str:
    """Raise ValueError for what no browser sends as `Origin`, and for all of them."""
    if origin == "*":
        raise ValueError("逐个写来源，不能写 *；name each origin, not *")
    parts = urlsplit(origin)
    plain = f"{parts.scheme}://{parts.netloc}".lower()
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{origin} 不是来源，应如 https://example.gov.cn；not an origin")
    if origin != plain:
        raise ValueError(f"{origin} 应写作 {plain}；an origin has no path and no capitals")
    return origin


def parse_origins(text: str) -> list[str]:
    """Parse origins with commas between them. Raises ValueError."""
    return [check_origin(part.strip()) for part in text.split(",") if part.strip()]


def split_origins(text: object) -> object:
    return parse_origins(text) if isinstance(text, str) else text


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_origins)]


class CorsSettings(BaseSettings):
    """`CORS_ORIGINS`, below the prefix of the service."""

    cors_origins: Origins = ()


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let pages of these origins ask an application."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=REQUEST_HEADERS,
            expose_headers=RESPONSE_HEADERS,
            max_age=PREFLIGHT_SECONDS,
        )
