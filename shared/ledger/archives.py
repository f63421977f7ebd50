"""Archives (.zip): their files' names as their maker saw them, and contents within bounds."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from operator import itemgetter

from shared.ledger.file_problems import (
    DAMAGED,
    ENCRYPTED,
    MAX_FILES,
    TOO_MANY_FILES,
    Allowance,
    unreadable,
)

UTF8_NAME, IS_ENCRYPTED = 0x800, 0x1  # flags of a file in an archive
PIECE = 1024 * 1024  # bytes unpacked at once
HELD_SHARE = 3  # what is unpacked in pieces counts for this part
UNICODE_PATH = 0x7075  # the extra field with the name in UTF-8


def open_archive(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    if len(archive.infolist()) > MAX_FILES:
        raise unreadable(TOO_MANY_FILES)
    return archive


def archived_files(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Each file with its path, in the order of paths."""
    files = [(archived_path(item), item) for item in archive.infolist()]
    return sorted((f for f in files if not f[0].endswith("/")), key=itemgetter(0))


def unpack_file(
    archive: zipfile.ZipFile, item: zipfile.ZipInfo, allowance: Allowance, most: int | None = None
) -> bytes:
    """The content, of at most `most` bytes; raises BadZipFile or zlib.error if it is damaged.

    No more is unpacked than the file's header says, which is checked; one that lies fails its sum.
    """
    if item.flag_bits & IS_ENCRYPTED:
        raise unreadable(ENCRYPTED)
    if most is not None:
        Allowance(most).take(item.file_size)
    allowance.take(item.file_size)
    with archive.open(item) as file:
        content = file.read(item.file_size)
        file.read(1)  # the end, where the sum is checked
    if len(content) != item.file_size:
        raise unreadable(DAMAGED)
    return content


def unpack_pieces(
    archive: zipfile.ZipFile, item: zipfile.ZipInfo, allowance: Allowance
) -> Iterator[bytes]:
    """The content in pieces, so that it is never held whole and may be larger."""
    allowance.take(item.file_size // HELD_SHARE)
    left = item.file_size
    with archive.open(item) as file:
        while piece := file.read(min(PIECE, left) or 1):
            left -= len(piece)
            yield piece
    if left:
        raise unreadable(DAMAGED)


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
