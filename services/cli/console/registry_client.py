"""The registry as commands ask it over HTTP, with a token; what it refuses ends a command."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import httpx
import typer

from services.cli.console.terminal import ERR, EXIT_USAGE

TIMEOUT = 60  # seconds


@contextmanager
def open_client(server: str, token_file: Path) -> Iterator[httpx.Client]:
    """A client of the registry at an address, or below that of all services (`bairi up`)."""
    try:
        token = token_file.read_text(encoding="ascii").strip()
        headers = {"authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=server, headers=headers, timeout=TIMEOUT)
    except UnicodeDecodeError:
        raise typer.BadParameter("文件里不是令牌", param_hint="--token-file") from None
    except httpx.InvalidURL:
        raise typer.BadParameter(f"不是地址：{server}", param_hint="--server") from None
    with client:
        if client.base_url.path == "/":
            client.base_url = client.base_url.join(find_registry(client))
        yield client


def find_registry(client: httpx.Client) -> str:
    """The path of the registry, as the index of the server names it; a registry alone is at `/`."""
    try:
        return str(request(client, "GET", "/").json()["links"].get("registry", "/"))
    except (ValueError, KeyError, TypeError, AttributeError):
        exit_with(f"这里没有登记服务：{client.base_url}")


def request(
    client: httpx.Client, method: str, path: str, *, allowed: Collection[int] = (), **sent: Any
) -> httpx.Response:
    """The answer of the server; all but success and what is `allowed` ends with what it said."""
    try:
        answer = client.request(method, path, **sent)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        exit_with(f"登记服务没有应答：{client.base_url}（{error}）")
    if not answer.is_success and answer.status_code not in allowed:
        exit_with(*problem_lines(answer))
    return answer


def problem_lines(answer: httpx.Response) -> list[str]:
    """What a problem says, in sentences, with the fields that are wrong."""
    try:
        problem = answer.json()
        lines = [f"{problem['title']}：{problem['detail']}"]
        lines += [f"  {e['pointer']}：{e['detail']}" for e in problem.get("errors", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [f"登记服务应答 {answer.status_code}，看不懂：{answer.url}"]
    return lines


def exit_with(*lines: str) -> NoReturn:
    for line in lines:
        ERR.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(EXIT_USAGE)
