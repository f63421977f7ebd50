"""JSON bodies, read as they were sent: nothing in them is dropped, rounded or taken for another.

A body reaches its model as text, and pydantic reads it there in its strict mode: a boolean is no
number, a number no text, a text no number (decimals excepted, which are either). Days and moments
are texts of `shared.notation`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi._compat import ModelField
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from shared.http.field_errors import FieldError, KeyPath, build_field_problem, shorten
from shared.ledger.sheets import UNWRITABLE_CHARACTER
from shared.problems import BadRequest, InvalidRequest

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What an unwritable character looks like in a text of JSON.
MAYBE_UNWRITABLE = re.compile(r"\\u(00[01]|007f|ff)|[\x7f\ufffe\uffff]", re.IGNORECASE)
MAX_DIGITS = 15  # of a number: what counts with doubles keeps no more


@dataclass(frozen=True)
class JsonText:
    """The text of a body, of which is known that it can be read."""

    content: bytes


class Body(BaseModel):
    """What a request brings as JSON; every model of a body is one."""

    model_config = ConfigDict(extra="forbid")


def read_field_strictly(field: ModelField) -> None:
    """Have the field of a body validate a `JsonText` as JSON, in the strict mode.

    FastAPI's own way is to parse first, and pydantic has no mode for what is parsed already; a
    schema of the model's own would stand in the documents in place of its name.
    """
    validate, adapter = field.validate, field._type_adapter

    def read(value: Any, values: Any = None, *, loc: tuple[int | str, ...] = ()) -> Any:
        if not isinstance(value, JsonText):
            return validate(value, values or {}, loc=loc)
        try:
            return adapter.validate_json(value.content, strict=True), []
        except ValidationError as error:
            errors = error.errors(include_url=False)
            return None, [{**each, "loc": (*loc, *each["loc"])} for each in errors]

    field.validate = read  # type: ignore[method-assign]


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
    if MAYBE_UNWRITABLE.search(text):
        refuse_unwritable(found)
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


def refuse_unwritable(found: Any) -> None:
    """Raise InvalidRequest for texts with characters that nobody sees, and no database keeps."""
    errors = [
        FieldError(path, "unwritable_text", "含有看不见的控制字符", "Has control characters.")
        for path in unwritable_paths(found)
    ]
    if errors:
        raise build_field_problem(InvalidRequest, errors)


def unwritable_paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of texts, and of keys, with such characters."""
    if isinstance(value, str) and UNWRITABLE_CHARACTER.search(value):
        yield path
    if isinstance(value, dict):
        for key, below in value.items():
            if UNWRITABLE_CHARACTER.search(key):
                yield path
            yield from unwritable_paths(below, (*path, key))
    if isinstance(value, list):
        for index, below in enumerate(value):
            yield from unwritable_paths(below, (*path, index))


def build_reading_problem(code: str, zh: str, en: str) -> BadRequest:
    return build_field_problem(BadRequest, [FieldError((), code, zh, en)])
