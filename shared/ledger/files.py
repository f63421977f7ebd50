"""Files of the ledger to sheets: one rule for folder, archive and workbook, of any format.

What is not read is told, one finding a cause. The same rule holds for whoever brings the file.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from shared.ledger.archives import archived_files, open_archive, unpack_file
from shared.ledger.csv_files import read_csv
from shared.ledger.file_formats import FileFormat, detect_format
from shared.ledger.file_problems import (
    BINARY_WORKBOOK,
    EMPTY,
    MAX_FILE_BYTES,
    MAX_FILES,
    NO_LEDGER,
    SAME_NAMES,
    TOO_LARGE,
    TOO_MANY_FILES,
    Allowance,
    ReadSheets,
    read_guarded,
    tell_names,
    unreadable,
)
from shared.ledger.findings import build_finding
from shared.ledger.ods_files import read_ods
from shared.ledger.xls_files import read_xls
from shared.ledger.xlsx_files import read_xlsx

READERS = {FileFormat.xlsx: read_xlsx, FileFormat.xls: read_xls, FileFormat.ods: read_ods}
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
SYSTEM_FOLDERS = frozenset({"__macosx"})

NamedContent = tuple[str, bytes]


def read_sheets(path: Path, name: str | None = None) -> ReadSheets:
    """The sheets of a folder, an archive or a workbook, which must exist.

    `name` is what findings call the file. Raises OSError where it may not be read.
    """
    name = name or path.name
    if path.is_dir():
        return read_folder(path, name)
    content = read_bounded(path)
    sheets, findings = read_guarded(name, partial(read_file, name, content))
    hidden = [sheet.name for sheet in sheets if sheet.is_hidden and any(sheet.rows)]
    return sheets, findings + tell_names("hidden_sheet_imported", hidden)


def read_bounded(path: Path) -> bytes:
    """The content; of a file that is too large as much as shows it."""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def read_file(name: str, content: bytes) -> ReadSheets:
    allowance = Allowance.of_file(len(content))
    if len(content) > MAX_FILE_BYTES:
        raise unreadable(TOO_LARGE)
    if not content:
        raise unreadable(EMPTY)
    file_format = detect_format(content)
    if file_format is FileFormat.archive:
        return read_archive(name, content, allowance)
    if file_format is FileFormat.text:
        raise unreadable(NO_LEDGER)
    return read_workbook(name, content, file_format, allowance)


def read_workbook(
    name: str, content: bytes, file_format: FileFormat, allowance: Allowance
) -> ReadSheets:
    if file_format not in READERS:
        raise unreadable(BINARY_WORKBOOK if file_format is FileFormat.xlsb else NO_LEDGER)
    return READERS[file_format](name, content, allowance)


def read_folder(folder: Path, name: str) -> ReadSheets:
    """The files of a folder; folders in it are told."""
    entries = sorted(folder.iterdir())
    files = [entry for entry in entries if entry.is_file()]
    kept, passed = choose_names(entry.name for entry in entries)
    folders = [entry.name for entry in entries if entry.is_dir() and entry.name in kept]
    sizes = sum(entry.stat().st_size for entry in files if entry.name in kept)
    if sizes > MAX_FILE_BYTES or len(entries) > MAX_FILES:
        why = TOO_LARGE if sizes > MAX_FILE_BYTES else TOO_MANY_FILES
        return [], [build_finding("unreadable_file", name, why=why)]
    contents = ((file.name, file.read_bytes()) for file in files if file.name in kept)
    sheets, findings = read_files(contents, Allowance.of_file(sizes))
    findings += tell_names("unread_folder", folders)
    return sheets, findings + tell_names("hidden_files", passed)


def read_archive(name: str, content: bytes, allowance: Allowance) -> ReadSheets:
    """The files of an archive, in whatever folders they are."""
    with open_archive(content) as archive:
        found = archived_files(archive)
        files = dict(found)
        if not files:
            raise unreadable(EMPTY)
        if len(files) < len(found):
            raise unreadable(SAME_NAMES)
        kept, passed = choose_names(files)
        contents: Iterator[NamedContent] = (
            (path, unpack_file(archive, item, allowance))
            for path, item in files.items()
            if path in kept
        )
        sheets, findings = read_files(contents, allowance)
    return sheets, findings + tell_names("hidden_files", passed)


def choose_names(paths: Iterable[str]) -> tuple[set[str], list[str]]:
    """The paths that are read or told one by one, and those of hidden, lock and system files."""
    kept, passed = set(), []
    for path in paths:
        *folders, name = (part.lower() for part in PurePosixPath(path).parts)
        is_system = name in SYSTEM_FILES or not SYSTEM_FOLDERS.isdisjoint(folders)
        if is_system or any(part.startswith((".", "~$")) for part in (*folders, name)):
            passed.append(path)
        else:
            kept.add(path)
    return kept, passed


def read_files(contents: Iterator[NamedContent], allowance: Allowance) -> ReadSheets:
    """The sheets of all files together, and what was not read of each."""
    sheets, findings = [], []
    for path, content in contents:
        name = PurePosixPath(path).name
        read, found = read_guarded(name, partial(read_one, name, content, allowance))
        sheets += read
        findings += found
    return sheets, findings


def read_one(name: str, content: bytes, allowance: Allowance) -> ReadSheets:
    """One file of several: a CSV file or a workbook; others are told."""
    file_format = detect_format(content)
    if file_format is FileFormat.text and name.lower().endswith(".csv"):
        return read_csv(name[: -len(".csv")], content)
    if file_format is FileFormat.archive:
        return [], [build_finding("unread_archive", name)]
    if file_format in (FileFormat.text, FileFormat.other_office):
        return [], [build_finding("unknown_sheet", name)]
    return read_workbook(name, content, file_format, allowance)
