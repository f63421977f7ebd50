"""Numbers and percentages as offices write them, exactly."""

import re
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from shared.notation import build_decimal

PERCENT_PATTERN = re.compile(r"([+-]?[0-9]{1,18}(?:\.[0-9]{1,10})?)\s*[%％]")
NUMBER_PATTERN = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)
NUMBER_OR_PERCENT = f"{NUMBER_PATTERN.pattern}|{PERCENT_PATTERN.pattern}"


def parse_decimal(value: Any) -> Decimal:
    """The Decimal of a number, of its text or of a percentage. Raises PydanticCustomError."""
    number = parse_percent(value)
    if isinstance(number, str) and not NUMBER_PATTERN.fullmatch(number):
        message = "A decimal or a percentage is expected, such as 0.95 or 95%."
        raise PydanticCustomError("decimal_parsing", message)
    return build_decimal(number)


def parse_percent(value: Any) -> Any:
    """The Decimal 0.1 for "10%"; any other value unchanged."""
    found = PERCENT_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    return value if found is None else Decimal(found[1]).scaleb(-2)
