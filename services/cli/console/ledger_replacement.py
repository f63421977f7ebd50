"""A ledger that is replaced as a whole, the one before kept, so that it can be taken back.

Beside the ledger lies `.NAME.last-import` with the ledger before and after the last import.
"""

import os
import shutil
import tempfile
from pathlib import Path

import typer

from services.cli.console.findings import show_findings
from services.cli.console.ledger_input import read_facts_or_exit, read_ledger_or_exit, refuse_path
from services.cli.console.terminal import ERR, EXIT_ERRORS
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.ledger.sheets import table_for_sheet
from shared.ledger.writer import write_ledger
from shared.reference import region_codes

BEFORE, AFTER = "before", "after"
# What a ledger that is written anew does not have any more.
LOST = frozenset({"unknown_sheet", "later_sheet", "unknown_column", "column_without_header"})


def read_target(path: Path) -> Facts:
    """The facts of a ledger to be written, none where it is not there yet; else exits."""
    if path.suffix.lower() != ".xlsx" and path.exists() and not path.is_dir():
        refuse_path(f"{path} 应是文件夹或 .xlsx 工作簿，才能写入")
    return read_facts_or_exit(path) if path.exists() else Facts.from_columns({})


def tell_what_goes(path: Path) -> None:
    """Tell of what stands in a ledger and is not read: it will not be written back."""
    lost = (
        [f for f in read_ledger_or_exit(path).findings if f.code in LOST] if path.exists() else []
    )
    if lost:
        show_findings(ERR, lost)
        text = f"以上不是台账的内容，不会写回；原来的台账留在 {kept_folder(path)}"
        ERR.print(text, markup=False, soft_wrap=True)


def kept_folder(path: Path) -> Path:
    return path.resolve().with_name(f".{path.resolve().name}.last-import")


def replace_ledger(path: Path, facts: Facts) -> None:
    """Write facts in place of a ledger, whole or not at all; exit 1 where they are none."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".bairi-") as temporary:
        made = Path(temporary) / path.name
        write_beside(facts, path, made)
        refuse_errors(made)
        kept = Path(temporary) / "kept"
        kept.mkdir()
        if path.exists():
            copy_ledger(path, kept / BEFORE / path.name)
        copy_ledger(made, kept / AFTER / path.name)
        move_over(kept, kept_folder(path), Path(temporary) / "older")
        move_over(made, path, Path(temporary) / "old")


def write_beside(facts: Facts, path: Path, made: Path) -> None:
    """Write a ledger; in a folder what else lies in it stays."""
    if path.is_dir():
        shutil.copytree(path, made)
        for file in made.iterdir():
            if file.suffix.lower() == ".csv" and table_for_sheet(file.stem):
                file.unlink()
    write_ledger(facts, made)


def refuse_errors(made: Path) -> None:
    """Exit 1 where what was written is no sound ledger; nothing has changed yet."""
    errors = read_ledger(made, region_codes()).errors
    if errors:
        show_findings(ERR, errors)
        ERR.print("导入后的台账会有错误，没有写入。")
        raise typer.Exit(EXIT_ERRORS)


def move_over(made: Path, path: Path, old: Path) -> None:
    """Put what was made in the place of what is there, which goes to `old`."""
    if path.is_dir():
        path.rename(old)
    os.replace(made, path)


def copy_ledger(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, to)
    else:
        shutil.copy2(path, to)


def restore_ledger(path: Path) -> bool:
    """Put back the ledger before the last import where nothing has changed since, byte for byte."""
    path, kept = path.resolve(), kept_folder(path)
    if read_contents(path) != read_contents(kept / AFTER / path.name):
        return False
    before = kept / BEFORE / path.name
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".bairi-") as temporary:
        if before.exists():
            copy_ledger(before, Path(temporary) / path.name)
            move_over(Path(temporary) / path.name, path, Path(temporary) / "old")
        else:
            path.rename(Path(temporary) / path.name)
    shutil.rmtree(kept)
    return True


def read_kept(path: Path, side: str) -> Facts:
    """The facts before or after the last import; none where there was no ledger before."""
    kept = kept_folder(path) / side / path.resolve().name
    return read_ledger(kept, region_codes()).accepted() if kept.exists() else Facts.from_columns({})


def read_contents(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}
