"""Byte ranges: the part of a document that a request asks for, so that a download can go on.

One range is understood; of several, or of what is no range, the whole is sent, as RFC 9110 allows.
"""

import re

from shared.problems import InvalidRequest

BYTE_RANGE = re.compile(r"bytes=([0-9]{1,18})?-([0-9]{1,18})?")


class RangeNotSatisfiable(InvalidRequest):
    """文件没有这一段

    The document has no such part.
    """

    status = 416


def parse_range(header: str, size: int) -> range | None:
    """Parse the positions of the bytes to be sent; None for all. Raises RangeNotSatisfiable."""
    found = BYTE_RANGE.fullmatch(header.strip())
    if found is None or found.group(1) is None is found.group(2):
        return None
    first, last = (None if part is None else int(part) for part in found.groups())
    if first is None:  # the last so many
        asked = range(max(size - (last or 0), 0), size)
    elif last is not None and last < first:
        return None
    else:
        asked = range(first, size if last is None else min(last + 1, size))
    if not asked:
        raise RangeNotSatisfiable(f"文件共 {size} 字节", f"The document has {size} bytes.")
    return asked


def is_unchanged(condition: str, tag: str) -> bool:
    """Whether `If-Range` names the document as it is: by its strong tag, as it has no date."""
    return condition.strip() == tag and not tag.startswith("W/")
