"""An own sheet into the registry over HTTP: `bairi import --server`."""

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import typer
from rich.table import Table
from rich.text import Text

from services.cli.console.findings import show_findings
from services.cli.console.ledger_input import refuse_path
from services.cli.console.mapping_input import parse_answers, read_mapping_or_exit
from services.cli.console.mapping_output import show_questions
from services.cli.console.printing import print_json
from services.cli.console.registry_client import open_client, request
from services.cli.console.terminal import ERR, EXIT_ERRORS, OUT, show_progress
from shared.ledger.findings import Finding
from shared.mapping.model import NAME_PATTERN, ImportMapping
from shared.mapping.questions import Option, Question

MOST_LISTED = 200  # imports among which the last that is applied is looked for
LOOK_SECONDS = 0.5  # between two looks at an import that is being applied
TOLD = ("level", "sheet", "row", "column", "value", "code", "expected", "count")
Json = dict[str, Any]


def import_to_server(
    server: str,
    token_file: Path,
    file: Path,
    mapping: Path,
    answers: Sequence[str],
    *,
    is_applied: bool,
    output: str,
) -> None:
    """Import a sheet by a mapping of a file, or by one that the office keeps under this name.

    A mapping of a file is kept there, and comes back with the answers. Exit 1 while something is
    asked or wrong.
    """
    if not file.is_file():
        refuse_path(f"没有这个文件：{file}")
    own = read_mapping_or_exit(mapping) if mapping.is_file() else None
    name = own.name if own else str(mapping)
    if not re.fullmatch(NAME_PATTERN, name):
        refuse_path(f"映射名称至多 100 个字，不能有 / : ? # %：{name}")
    with open_client(server, token_file) as client:
        if own:
            keep_mapping(client, own, mapping.name)
        with file.open("rb") as content:
            sent: Json = {"params": {"mapping": name}, "files": {"file": (file.name, content)}}
            found: Json = request(client, "POST", "/v1/imports", **sent).json()
        path = f"/v1/imports/{found['id']}"
        given = parse_answers(answers, list(map(read_question, found["questions"])))
        if given:
            form = {"answers": given}
            found = request(client, "POST", f"{path}/answers", json=form).json()
        is_open = found["state"] != "checked"
        changes: Json = {} if is_open else request(client, "GET", f"{path}/changes").json()
        if is_applied and not is_open:
            request(client, "POST", f"{path}/apply")
            found = wait_until_done(client, path)
        if own:
            text = request(client, "GET", f"/v1/mappings/{quote(name)}/document.yaml").text
            mapping.write_text(text, encoding="utf-8")
    if output == "json":
        print_json({"import": found, "changes": changes})
    else:
        show_import(found, changes)
    if found["state"] not in ("checked", "applied"):
        raise typer.Exit(EXIT_ERRORS)


def keep_mapping(client: httpx.Client, mapping: ImportMapping, why: str) -> None:
    """Keep the mapping of a file on the server, with the names that were answered there."""
    address = f"/v1/mappings/{quote(mapping.name)}"
    kept = request(client, "GET", address, allowed=(httpx.codes.NOT_FOUND,))
    headers, document = {}, mapping.model_dump(mode="json", exclude_defaults=True)
    if kept.is_success:
        headers = {"if-match": kept.headers["etag"]}
        there = kept.json()["document"].get("names", {})
        own = document.get("names", {})
        document["names"] = {
            key: {**there.get(key, {}), **own.get(key, {})} for key in {*there, *own}
        }
    form = {"document": document, "why": why}
    request(client, "PUT", address, json=form, headers=headers)


def wait_until_done(client: httpx.Client, path: str) -> Json:
    """The import once it is applied, or could not be; until then it says that it waits."""
    with show_progress("服务正在导入"):
        while True:
            found: Json = request(client, "GET", path).json()
            if found["state"] != "applying":
                return found
            time.sleep(LOOK_SECONDS)


def undo_on_server(server: str, token_file: Path, why: str) -> None:
    """Undo the last applied import of the office; exit 1 where other records rest on it."""
    with open_client(server, token_file) as client:
        listed = request(
            client, "GET", "/v1/imports", params={"order": "latest", "limit": MOST_LISTED}
        )
        applied = [each for each in listed.json()["items"] if each["state"] == "applied"]
        if not applied:
            ERR.print(f"最近 {MOST_LISTED} 次中没有可以撤销的导入")
            raise typer.Exit(EXIT_ERRORS)
        last = max(applied, key=lambda each: str(each["applied_at"]))
        path, form = f"/v1/imports/{last['id']}/undo", {"why": why}
        answer = request(client, "POST", path, allowed=(httpx.codes.CONFLICT,), json=form)
    if answer.status_code == httpx.codes.CONFLICT:
        told = answer.json()
        ERR.print(f"{told['title']}：{told['detail']}", markup=False)
        for use in told.get("first_uses", ()):
            ERR.print(f"  {use['kind_title']} {' '.join(filter(None, use['key']))}", markup=False)
        raise typer.Exit(EXIT_ERRORS)
    OUT.print(f"已撤销导入第 {last['id']} 号：{last['name']}", markup=False)


def read_question(told: Mapping[str, Any]) -> Question:
    """A question as the server tells it."""
    options = tuple(Option(each["value"], each["label"]) for each in told["options"])
    place = (told[key] for key in ("sheet", "row", "column_letter", "value", "refused"))
    return Question(told["key"], told["text"], options, *place)


def show_import(found: Json, changes: Json) -> None:
    """Show what was read, what is open, what changes, and how it goes on."""
    told = [Finding(**{key: each[key] for key in TOLD}) for each in found["findings"]]
    if told:
        show_findings(OUT, told)
    if changes:
        show_server_changes(changes)
    match found["state"]:
        case "asking":
            show_questions(OUT, list(map(read_question, found["questions"])))
            number = found["open_questions"]
            OUT.print(f"还有 {number} 件要问，没有写入；用 --answer 'KEY=VALUE' 回答")
        case "checked":
            OUT.print("没有要问的；加 --yes 写入")
        case "applied":
            OUT.print(f"已导入第 {found['id']} 号；撤销：加 --undo")
        case "failed":
            problem = found["problem"]
            OUT.print(f"{problem['title']}：{problem['detail']}", markup=False)
        case _:
            OUT.print("有错误，没有写入")


def show_server_changes(changes: Json) -> None:
    """A row a table, then some values of each column, then what the sheet does not name."""
    table = Table("表", "新增", "变动", "不变", title="导入会改的", title_justify="left")
    values = Table("表", "行", "记录", "列", "原来", "改为", title="变动", title_justify="left")
    for each in changes.values():
        table.add_row(each["title"], *(str(each[key]) for key in ("new", "corrected", "unchanged")))
        for column in each["columns"]:
            for sample in column["samples"]:
                key = " ".join(filter(None, sample["key"]))
                texts = (sample["before_text"] or "空白", sample["after_text"] or "空白")
                cells = (each["title"], str(sample["row"] or ""), key, column["title"], *texts)
                values.add_row(*map(Text, cells))
    OUT.print(table)
    if values.row_count:
        OUT.print(values)
    for each in changes.values():
        if each["not_mentioned"]:
            named = "、".join(
                f"{one['name']}（{one['id']}）" for one in each["first_not_mentioned"]
            )
            OUT.print(f"未提及 {each['not_mentioned']} 个项目：{named}", markup=False)
