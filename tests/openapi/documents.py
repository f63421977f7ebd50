"""The documents as the code makes them, and as they are committed under `deploy/openapi/`."""

import json
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.cli.server.all_in_one import SERVICE_NAMES, merge_openapi
from services.notifier.main import build_app as notifier
from services.notifier.settings import IssuingOffice
from services.registry.main import build_app as registry
from services.scoring.main import build_app as scoring
from shared.database.sessions import create_sessions
from tests.paths import ROOT

COMMITTED = ROOT / "deploy" / "openapi"
RELEASED = COMMITTED / "released"
WHOLE = "bairi"  # the merged document that `bairi up` serves
NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"  # describing opens no connection


def services() -> dict[str, FastAPI]:
    """The three applications, to be described and not to be asked anything."""
    sessions, keys, http = create_sessions(NOWHERE), KeySet([]), httpx.AsyncClient()
    return {
        "registry": registry(sessions, keys),
        "scoring": scoring(sessions, keys, http),
        "notifier": notifier(sessions, keys, http, http, IssuingOffice()),
    }


def documents() -> dict[str, Any]:
    """Every document by its name: those of the services, and the merged one."""
    parts = services()
    assert tuple(parts) == SERVICE_NAMES
    return {**{name: part.openapi() for name, part in parts.items()}, WHOLE: merge_openapi(parts)}


def close(node: Any, *, whole: bool = False) -> Any:
    """A document whose objects have no other properties than it tells, if `whole` all of them."""
    if isinstance(node, list):
        return [close(each, whole=whole) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: node[key] for key in ("example", "examples") if key in node}
    closed = {key: close(node[key], whole=whole) for key in node if key not in kept} | kept
    if isinstance(node.get("properties"), dict) and node.get("type", "object") == "object":
        closed.setdefault("additionalProperties", False)
        if whole:
            closed["required"] = [*node["properties"]]
    return closed


def text(document: Any) -> str:
    """As it is committed: keys in order, so that a difference is a difference."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def committed(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


def operations(document: Any) -> dict[str, tuple[str, str, Any]]:
    """Method, path and operation by the operation's id."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
