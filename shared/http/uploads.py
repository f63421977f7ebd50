"""Uploaded files on disk, where a child process can read them."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from fastapi import UploadFile

CHUNK_BYTES = 1 << 20
UPLOAD_NAME = "upload.xlsx"  # of the file on disk, whatever its sender calls it


@dataclass(frozen=True)
class StoredUpload:
    """A file on disk as it came in: its bytes are counted and digested, not held."""

    path: Path
    size: int
    digest: str


@asynccontextmanager
async def open_upload(file: UploadFile) -> AsyncIterator[StoredUpload]:
    """An uploaded file, until it is no longer needed."""
    with TemporaryDirectory(prefix="bairi-upload-") as folder:
        path = Path(folder) / UPLOAD_NAME
        yield await asyncio.to_thread(store_file, file.file, path)


def store_file(source: BinaryIO, path: Path) -> StoredUpload:
    with path.open("wb") as out:
        shutil.copyfileobj(source, out, CHUNK_BYTES)
    source.seek(0)
    return StoredUpload(path, path.stat().st_size, digest_file(source))


def digest_file(source: BinaryIO) -> str:
    """SHA-256 of a file's content, which is left at its beginning."""
    digest = hashlib.sha256()
    while part := source.read(CHUNK_BYTES):
        digest.update(part)
    source.seek(0)
    return digest.hexdigest()
