"""Answers as examples show them: short, and the same whenever they are recorded."""

import re
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NO_HASH = "0" * 64
THEN = "2022-10-08T01:00:00Z"


def shortened(node: Any) -> Any:
    """The first entry of every list, every moment the same one."""
    if isinstance(node, list):
        return [shortened(each) for each in node[:1]]
    if isinstance(node, dict):
        same = {"hash": NO_HASH} if "hash" in node else {}  # it covers the moment
        return {key: shortened(value) for key, value in {**node, **same}.items()}
    return THEN if isinstance(node, str) and MOMENT.fullmatch(node) else node
