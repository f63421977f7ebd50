"""Sheets and mappings of a command, and answers as they are typed."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import typer

from services.cli.console.findings import show_findings
from services.cli.console.ledger_input import refuse_path
from services.cli.console.terminal import ERR, EXIT_ERRORS
from shared.ledger.files import read_sheets
from shared.ledger.findings import Finding
from shared.ledger.sheets import Sheet
from shared.mapping.documents import parse_mapping
from shared.mapping.model import ImportMapping
from shared.mapping.questions import KINDS, Question


def read_sheets_or_exit(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of a file; exit 2 where there is none, 1 where it cannot be read."""
    if not path.exists():
        refuse_path(f"没有这个文件：{path}")
    try:
        sheets, findings = read_sheets(path)
    except OSError as error:
        refuse_path(f"读不到 {path}：{error.strerror or error}")
    errors = [found for found in findings if found.level == "error"]
    if errors:
        show_findings(ERR, errors)
        raise typer.Exit(EXIT_ERRORS)
    return sheets, findings


def read_mapping_or_exit(path: Path) -> ImportMapping:
    """The mapping of a file. Raises MappingMistake."""
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        refuse_path(f"{path} 不是 UTF-8 编码的 YAML 文件")
    except OSError as error:
        refuse_path(f"读不到映射 {path}：{error.strerror or error}")


def parse_answers(texts: Iterable[str], open_questions: Sequence[Question]) -> dict[str, str]:
    """Answers by key, from `KEY=VALUE`; with `*` in the key, to all open questions that fit."""
    answers: dict[str, str] = {}
    for text in texts:
        keys = [q.key for q in open_questions if text.startswith(f"{q.key}=")]
        key = max(keys, key=len) if keys else text.partition("=")[0]
        value = text[len(key) + 1 :]
        if not key or not value:
            raise typer.BadParameter(f"应为 KEY=VALUE，写的是“{text}”", param_hint="--answer")
        if not any(fnmatchcase(kind, key.partition(":")[0]) for kind in KINDS):
            kinds = "、".join(sorted(KINDS))
            why = f"没有“{key}”这一问，KEY 以{kinds}之一开头"
            raise typer.BadParameter(why, param_hint="--answer")
        if "*" in key:
            fitting = [q.key for q in open_questions if fnmatchcase(q.key, key)]
            answers |= dict.fromkeys(fitting, value.strip())
        else:
            answers[key] = value.strip()
    return answers
