"""bairi import: an office's own sheet into a ledger, by its mapping; previewed, applied, undone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.cli.console.arguments import SERVER_OPTION, TOKEN_OPTION, FormatOption
from services.cli.console.findings import findings_document, show_findings
from services.cli.console.ledger_input import refuse_path
from services.cli.console.ledger_replacement import (
    AFTER,
    BEFORE,
    kept_folder,
    read_kept,
    read_target,
    replace_ledger,
    restore_ledger,
    tell_what_goes,
)
from services.cli.console.mapping_input import (
    parse_answers,
    read_mapping_or_exit,
    read_sheets_or_exit,
)
from services.cli.console.mapping_output import (
    changes_document,
    questions_document,
    show_changes,
    show_key,
    show_questions,
)
from services.cli.console.printing import print_json
from services.cli.console.terminal import ERR, EXIT_ERRORS, EXIT_USAGE, OUT
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.findings import Finding
from shared.mapping.changes import ChangedSince, TableChanges, compare_part, merge_part, undo_part
from shared.mapping.documents import HEAD, write_mapping
from shared.mapping.mapped_reading import MappedReading, read_mapped
from shared.mapping.model import ImportMapping
from shared.reference import region_codes

FileArgument = Annotated[Path | None, typer.Argument(metavar="FILE", help="本单位的表；撤回时不写")]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", metavar="M.yaml", help="bairi mapping 写的映射")
]
IntoOption = Annotated[
    Path | None, typer.Option("--into", metavar="LEDGER", help="台账：文件夹或 .xlsx；没有就新建")
]
AnswersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="KEY=VALUE",
        help="答一件要问的，记入映射；KEY 可以有 *，如 'unit:*=new:department'；可写多次",
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help="没有要问的就写入台账")]
UndoOption = Annotated[bool, typer.Option("--undo", help="撤回上一次导入")]
WhyOption = Annotated[str, typer.Option("--why", help="为什么撤回，服务里要写")]


def import_sheet(
    into: IntoOption = None,
    file: FileArgument = None,
    mapping: MappingOption = None,
    answer: AnswersOption = None,
    yes: YesOption = False,
    undo: UndoOption = False,
    server: Annotated[str | None, SERVER_OPTION] = None,
    token_file: Annotated[Path | None, TOKEN_OPTION] = None,
    why: WhyOption = "导入有误",
    output: FormatOption = "table",
) -> None:
    """按映射导入本单位的表：先看新增、变动和要问的，--yes 才写入台账，--undo 撤回。"""
    if (into is None) == (server is None) or (server is None) != (token_file is None):
        refuse_usage("要写明 --into LEDGER，或 --server URL 和 --token-file FILE")
    if not undo and (file is None or mapping is None):
        refuse_usage("要写明 FILE 和 --mapping M.yaml；撤回用 --undo")
    if server and token_file:
        # Only here: a ledger does not wait for what speaks HTTP.
        from services.cli.commands.server_import import import_to_server, undo_on_server

        if undo:
            undo_on_server(server, token_file, why)
        elif file and mapping:
            given = answer or []
            import_to_server(
                server, token_file, file, mapping, given, is_applied=yes, output=output
            )
    elif into and undo:
        undo_import(into)
    elif into and file and mapping:
        import_into(into, file, mapping, answer, yes=yes, output=output)


def refuse_usage(text: str) -> NoReturn:
    ERR.print(text, markup=False)
    raise typer.Exit(EXIT_USAGE)


def import_into(
    into: Path, file: Path, mapping: Path, answer: Sequence[str] | None, *, yes: bool, output: str
) -> None:
    """Import a sheet into a ledger; exit 1 while something is asked or wrong."""
    stored = read_target(into)
    sheets, findings = read_sheets_or_exit(file)
    kept = read_mapping_or_exit(mapping)
    reading = read_mapped(kept, sheets, stored, regions=region_codes())
    if answer:
        answers = parse_answers(answer, reading.questions)
        reading = read_mapped(kept, sheets, stored, answers, region_codes())
        keep_mapping(mapping, reading.mapping)
    changes = compare_part(reading.part, stored)
    is_applied = yes and reading.is_ready
    if is_applied:
        tell_what_goes(into)
        replace_ledger(into, merge_part(reading.part, stored))
        if reading.applied_mapping != reading.mapping:
            keep_mapping(mapping, reading.applied_mapping)
    if output == "json":
        print_json(
            {
                "questions": questions_document(reading.questions),
                "findings": findings_document([*findings, *reading.findings]),
                "changes": changes_document(changes),
                "applied": is_applied,
            }
        )
    else:
        show_reading(reading, findings, changes, stored, is_applied=is_applied, into=into)
    if not reading.is_ready:
        raise typer.Exit(EXIT_ERRORS)


def keep_mapping(path: Path, mapping: ImportMapping) -> None:
    """Write the mapping with its answers; what a person wrote above its first line stays."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next((i for i, line in enumerate(lines) if not line.startswith(("#", "\n"))), 0)
    text = "".join(lines[:first]) + write_mapping(mapping).removeprefix(HEAD)
    made = path.with_name(f".{path.name}.new")
    try:
        made.write_text(text, encoding="utf-8")
        made.replace(path)
    except OSError as error:
        refuse_path(f"写不了 {path}：{error.strerror or error}")


def show_reading(
    reading: MappedReading,
    findings: Sequence[Finding],
    changes: Sequence[TableChanges],
    stored: Facts,
    *,
    is_applied: bool,
    into: Path,
) -> None:
    """Show what was read and what is open, and how it goes on."""
    told = [*findings, *reading.findings]
    if told:
        show_findings(OUT, told)
    if changes:
        show_changes(OUT, changes, {**record_names(stored), **record_names(reading.part.facts)})
    if reading.questions:
        show_questions(OUT, reading.questions)
        OUT.print(f"还有 {len(reading.questions)} 件要问，没有写入；用 --answer 'KEY=VALUE' 回答")
    elif reading.errors:
        OUT.print("有错误，没有写入")
    elif is_applied:
        OUT.print(f"已写入 {into}；撤回：bairi import --undo --into {into}", markup=False)
    else:
        OUT.print("没有要问的；加 --yes 写入")


def record_names(facts: Facts) -> dict[str, str]:
    """Names of units and projects by id."""
    return {
        row[kind.key[0]]: row["name"]
        for kind in (FACT_KINDS["units"], FACT_KINDS["projects"])
        for row in facts.tables[kind.name].to_pylist()
        if row["name"]
    }


def undo_import(into: Path) -> None:
    """Take back the last import; where something else has changed, only what the import wrote."""
    if not kept_folder(into).is_dir():
        ERR.print(f"{into} 没有可以撤回的导入", markup=False)
        raise typer.Exit(EXIT_ERRORS)
    if not into.exists():
        refuse_path(f"没有这个台账：{into}")
    if not restore_ledger(into):
        now = read_target(into)
        before, after = read_kept(into, BEFORE), read_kept(into, AFTER)
        try:
            facts = undo_part(before, after, now)
        except ChangedSince as changed:
            refuse_undo(changed, record_names(now))
        replace_ledger(into, facts)
    OUT.print(f"已撤回上一次导入：{into}", markup=False)


def refuse_undo(changed: ChangedSince, names: dict[str, str]) -> NoReturn:
    """Exit 1, naming what has been changed since."""
    ERR.print("导入之后又改过这些，没有撤回：")
    for table, keys in changed.keys.items():
        told = "、".join(show_key(key, names) for key in keys[:20])
        ERR.print(f"  {FACT_KINDS[table].zh}：{told}", markup=False)
    raise typer.Exit(EXIT_ERRORS)
