"""JSON bodies, read as they were sent: nothing in them is dropped, rounded or taken for another.

A body reaches its model as text, and pydantic reads it there in its strict mode: a boolean is no
number, a number no text, a text no number (decimals excepted, which are either). Days and moments
are texts of `shared.notation`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema, from_json

from shared.http.field_errors import FieldError, build_field_problem, shorten
from shared.problems import BadRequest

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_DIGITS = 15  # of a number: what counts with doubles keeps no more


@dataclass(frozen=True)
class JsonText:
    """The text of a body, of which is known that it can be read."""

    content: bytes


class Body(BaseModel):
    """What a request brings as JSON; every model of a body is one."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The schema of the model, which takes a text of JSON in place of a dictionary, too."""
        schema = handler(source)

        def read(value: Any, validate: Callable[[Any], BaseModel]) -> BaseModel:
            if not isinstance(value, JsonText):
                return validate(value)
            return cls.model_validate_json(value.content, strict=True)

        reading = core_schema.no_info_wrap_validator_function(read, schema)
        return core_schema.json_or_python_schema(schema, reading)


def parse_json_text(content: bytes) -> JsonText | None:
    """The text of a body, None for `null`. Raises BadRequest."""
    if content.startswith(BYTE_ORDER_MARK):
        raise build_reading_problem(
            "byte_order_mark", "不要以字节顺序标记（BOM）开头", "No byte order mark is expected."
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise build_reading_problem(
            "not_utf8", "应为 UTF-8 编码", f"UTF-8 is expected; byte {error.start} is not."
        ) from error
    try:
        from_json(content, allow_inf_nan=False, cache_strings="none")
        found = json.loads(
            text,
            object_pairs_hook=collect_object,
            parse_int=check_digits,
            parse_float=check_digits,
        )
    except ValueError as error:
        raise build_reading_problem(
            "json_invalid", f"不是有效的 JSON：{error}", f"This is no valid JSON: {error}."
        ) from error
    return None if found is None else JsonText(content)


def collect_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of its members. Raises BadRequest where a name is there twice."""
    collected = dict[str, Any]()
    for name, value in pairs:
        if name in collected:
            raise build_reading_problem(
                "repeated_key",
                f"“{shorten(name)}”写了两次",
                f"“{shorten(name)}” is there twice.",
            )
        collected[name] = value
    return collected


def check_digits(number: str) -> str:
    """The number as it is written. Raises BadRequest for more digits than are kept everywhere."""
    digits = re.split("[eE]", number)[0]
    if "." in digits:
        digits = digits.rstrip("0").replace(".", "")
    if len(digits.lstrip("-0")) > MAX_DIGITS:
        raise build_reading_problem(
            "precision_lost",
            f"数字 {shorten(number)} 多于 {MAX_DIGITS} 位，会失去精度；小数可写成文字",
            f"{shorten(number)} has more than {MAX_DIGITS} digits; send a decimal as a text.",
        )
    return number


def build_reading_problem(code: str, zh: str, en: str) -> BadRequest:
    return build_field_problem(BadRequest, [FieldError("", code, zh, en)])
