"""Formats of files, known by their content: an ending may say anything."""

import io
import zipfile
from enum import StrEnum

from shared.ledger.file_problems import ENCRYPTED, unreadable

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .et and encrypted .xlsx
OLD_SHEET_STARTS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


class FileFormat(StrEnum):
    xlsx = "xlsx"
    xlsb = "xlsb"
    xls = "xls"
    ods = "ods"
    archive = "zip"
    other_office = "office"  # texts, slides
    text = "text"


def detect_format(content: bytes) -> FileFormat:
    """Raises FileProblem for an encrypted workbook, and BadZipFile for a damaged archive."""
    if content.startswith(ZIP_STARTS):
        return detect_zip_format(content)
    if content.startswith(COMPOUND_START):
        if ENCRYPTED_STREAM in content:
            raise unreadable(ENCRYPTED)
        return FileFormat.xls
    return FileFormat.xls if content.startswith(OLD_SHEET_STARTS) else FileFormat.text


def detect_zip_format(content: bytes) -> FileFormat:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = {part_name(name) for name in parts.namelist()}
    if "xl/workbook.xml" in names:
        return FileFormat.xlsx
    if "xl/workbook.bin" in names:
        return FileFormat.xlsb
    if {"content.xml", "mimetype"} <= names:
        return FileFormat.ods
    return FileFormat.other_office if "[content_types].xml" in names else FileFormat.archive


def part_name(name: str) -> str:
    """The name of a part as it is compared: some writers have it with backslashes or capitals."""
    return name.replace("\\", "/").lstrip("/").lower()
