"""Limits of heavy work: what one child may use, and how many there may be. The one table of them.

It stands back behind all else, so that by the clock it may take longer than of a processor.

| what | memory, resident | processor | wall |
|---|---:|---:|---:|
| an upload of at most 5 MB | 300 MB | 5 s | 20 s |
| of each MB more | 40 MB | 2 s | 4 s |
| of any size | 2 GB | 120 s | 240 s |
| a scheme's text, checked | 300 MB | 5 s | 20 s |
| a mapping's text, checked | 300 MB | 5 s | 20 s |
| a document: workbook, PDF, DOCX | 1 GB | 60 s | 120 s |
| «what if», sensitivity | 2 GB | 120 s | 240 s |
"""

from dataclasses import dataclass

MB = 1_000_000
MOST_CHILDREN = 2  # at once, of one process
MOST_WAITING = 4  # for a child: each may hold one of ten connections of the database
MOST_OF_CALLER = 3  # one running, the others waiting
NICENESS = 10
RESULT_BYTES = 1_000 * MB  # of a result, and of a file that a child writes


@dataclass(frozen=True)
class Limits:
    """What one child may use: resident bytes, seconds of a processor, seconds by the clock."""

    memory: int
    processor: int
    wall: int


SMALL_UPLOAD, LARGEST_UPLOAD = 5 * MB, 200 * 1024 * 1024  # bytes
UPLOAD = Limits(300 * MB, 5, 20)
MORE = Limits(40 * MB, 2, 4)  # of each MB
LARGE_UPLOAD = Limits(2_000 * MB, 120, 240)
SCHEME_TEXT = Limits(300 * MB, 5, 20)
MAPPING_TEXT = Limits(300 * MB, 5, 20)
DOCUMENT = Limits(1_000 * MB, 60, 120)
QUESTION = Limits(2_000 * MB, 120, 240)


def upload_limits(size: int) -> Limits:
    """The limits for an uploaded file of so many bytes."""
    more = max(size - SMALL_UPLOAD, 0) / MB
    return Limits(
        min(UPLOAD.memory + round(more * MORE.memory), LARGE_UPLOAD.memory),
        min(UPLOAD.processor + round(more * MORE.processor), LARGE_UPLOAD.processor),
        min(UPLOAD.wall + round(more * MORE.wall), LARGE_UPLOAD.wall),
    )
