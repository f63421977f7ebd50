"""Percentages as offices write them, exactly."""

import re
from decimal import Decimal
from typing import Any

PERCENT_PATTERN = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,10})?)\s*[%％]")


def parse_percent(value: Any) -> Any:
    """The Decimal 0.1 for "10%"; any other value unchanged."""
    found = PERCENT_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    return value if found is None else Decimal(found[1]).scaleb(-2)
