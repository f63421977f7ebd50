"""Archives (.zip): their files' names as their maker saw them, and contents within bounds."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from shared.ledger.file_problems import (
    ENCRYPTED,
    MAX_FILES,
    TOO_MANY_FILES,
    Allowance,
    unreadable,
)

UTF8_NAME, IS_ENCRYPTED = 0x800, 0x1  # flags of a file in an archive
UNICODE_PATH = 0x7075  # the extra field with the name in UTF-8
PIECE = 1024 * 1024  # bytes unpacked at once


def open_archive(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    if len(archive.infolist()) > MAX_FILES:
        raise unreadable(TOO_MANY_FILES)
    return archive


def archived_files(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Each file with its path, in the order of these."""
    files = [(archived_path(item), item) for item in archive.infolist()]
    return iter(sorted(((p, i) for p, i in files if not p.endswith("/")), key=lambda f: f[0]))


def unpack_file(
    archive: zipfile.ZipFile, item: zipfile.ZipInfo, allowance: Allowance, most: int | None = None
) -> bytes:
    """The content, of at most `most` bytes; raises BadZipFile or zlib.error if it is damaged."""
    if item.flag_bits & IS_ENCRYPTED:
        raise unreadable(ENCRYPTED)
    pieces = []
    own = Allowance(allowance.most if most is None else most)
    with archive.open(item) as file:
        while piece := file.read(PIECE):
            allowance.take(len(piece))
            own.take(len(piece))
            pieces.append(piece)
    return b"".join(pieces)


def archived_path(item: zipfile.ZipInfo) -> str:
    """The path with slashes. Chinese Windows writes names in GBK, and says nothing of it."""
    name = item.orig_filename
    if not item.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", errors="replace")
        name = unicode_path(item.extra, raw) or decode_name(raw) or name
    return name.replace("\\", "/")


def decode_name(raw: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in UTF-8 beside the raw one, if it is of this one."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(field) > 5:
            if int.from_bytes(field[1:5], "little") != zlib.crc32(raw):
                return None
            return field[5:].decode("utf-8", errors="replace")
    return None
