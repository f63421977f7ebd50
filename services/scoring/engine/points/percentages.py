"""Numbers as offices write them: 0.1, 10%; exact."""

import re
from decimal import Decimal
from typing import Any

PERCENT_PATTERN = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,10})?)\s*[%％]")


def parse_percent(given: Any) -> Any:
    """ "10%" as 0.1; anything else as it is."""
    found = PERCENT_PATTERN.fullmatch(given.strip()) if isinstance(given, str) else None
    return given if found is None else Decimal(found[1]).scaleb(-2)
