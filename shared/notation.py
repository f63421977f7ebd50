"""The notation of days, moments and decimals where they are sent: what else could be read is not.

Each is put last into an `Annotated`, after the bounds. Without it a day could be a number of
seconds, and a decimal have blanks and underscores. A day that a question names is a `LedgerDay`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

DAY_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME_PATTERN = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
ZONE_PATTERN = r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?"  # a moment without is refused as such
DECIMAL_PATTERN = r"[+-]?[0-9]{1,40}([.][0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
EARLIEST_DAY, LATEST_DAY = date(1950, 1, 1), date(2199, 12, 31)  # the years of a ledger
DAY_TEXT = re.compile(DAY_PATTERN)
MOMENT_TEXT = re.compile(f"{DAY_PATTERN}[Tt]{TIME_PATTERN}{ZONE_PATTERN}")
DECIMAL_TEXT = re.compile(DECIMAL_PATTERN)


def parse_day(value: Any) -> Any:
    """The day of an ISO text; what is no text unchanged. Raises PydanticCustomError."""
    if not isinstance(value, str):
        return value
    try:
        if DAY_TEXT.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # no such day
    raise PydanticCustomError("date_parsing", "A day is expected, such as 2026-05-04.")


def parse_moment(value: Any) -> Any:
    """The moment of an ISO text; what is no text unchanged. Raises PydanticCustomError."""
    if not isinstance(value, str):
        return value
    try:
        if MOMENT_TEXT.fullmatch(value):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass  # no such moment
    raise PydanticCustomError(
        "datetime_parsing", "A moment is expected, such as 2026-05-04T09:00:00+08:00."
    )


def parse_decimal(value: Any) -> Decimal:
    """The decimal of a number or of its text. Raises PydanticCustomError."""
    if isinstance(value, str) and not DECIMAL_TEXT.fullmatch(value):
        raise PydanticCustomError("decimal_parsing", "A decimal is expected, such as 12.5.")
    return build_decimal(value)


def parse_number(value: Any) -> Decimal:
    """The decimal of a number, which a text is not. Raises PydanticCustomError."""
    return build_decimal(None if isinstance(value, str) else value)


def build_decimal(value: Any) -> Decimal:
    """The decimal of what is a number, or its text. Raises PydanticCustomError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("decimal_type", "A number is expected, or a decimal's text.")
    return Decimal(str(value))


@dataclass(frozen=True)
class DecimalSchema:
    """Annotation: the schema says what a decimal's text looks like; without it there is none."""

    pattern: str = DECIMAL_PATTERN

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        if not self.pattern:
            return {"type": "number"}
        for option in found.get("anyOf", [found]):
            if option.get("type") == "string":
                option["pattern"] = f"^({self.pattern})$"
        return found


DAY_NOTATION = BeforeValidator(parse_day)
LedgerDay = Annotated[date, Field(ge=EARLIEST_DAY, le=LATEST_DAY), DAY_NOTATION]
MOMENT_NOTATION = BeforeValidator(parse_moment)
DECIMAL_NOTATION = BeforeValidator(parse_decimal)
DECIMAL_SCHEMA = DecimalSchema()
JsonNumber = Annotated[Decimal, BeforeValidator(parse_number), DecimalSchema("")]
