"""Office files as archives with fixed times, so that the same content is the same file."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def fix_archive_times(document: bytes) -> bytes:
    """The archive with every part's time fixed."""
    out = BytesIO()
    with ZipFile(BytesIO(document)) as read, ZipFile(out, "w", ZIP_DEFLATED) as written:
        for name in read.namelist():
            part = ZipInfo(name, ZIP_EPOCH)
            part.compress_type = ZIP_DEFLATED
            written.writestr(part, read.read(name))
    return out.getvalue()
