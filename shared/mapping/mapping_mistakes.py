"""Mistakes in mappings: values out of place and more than a mapping holds, told by their places."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from shared.mapping.model import ImportMapping
from shared.problems import Problem

MAX_MISTAKES = 100  # that are told
EXPECTED = {
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "string_too_long": "最多 {max_length} 个字符",
    "string_too_short": "至少 {min_length} 个字符",
    "extra_forbidden": "没有这一项",
    "missing": "不能缺少",
}


class MappingMistake(Problem):
    """映射有误

    The mapping is wrong.
    """

    status = 422


def validate_mapping(values: Mapping[str, Any]) -> ImportMapping:
    """The mapping of values. Raises MappingMistake."""
    try:
        return ImportMapping.model_validate(values)
    except ValidationError as error:
        raise tell_mistakes(error, describe_mistake) from None


def tell_mistakes(
    error: ValidationError, describe: Callable[[Mapping[str, Any]], str]
) -> MappingMistake:
    """The first mistakes of an error, each as it is described, and how many there are."""
    errors = error.errors(include_url=False)
    # A list whose items are broken has none left, and is then called too short as well.
    errors = [each for each in errors if each["type"] != "too_short" or not each["input"]]
    zh = "；".join(describe(dict(each)) for each in errors[:MAX_MISTAKES])
    if len(errors) > MAX_MISTAKES:
        zh += f"；共 {len(errors)} 处，只列出前 {MAX_MISTAKES} 处"
    return MappingMistake(zh, f"Unknown keys, or values out of place or too many: {len(errors)}.")


def describe_mistake(error: Mapping[str, Any]) -> str:
    """An error by the keys that lead to it: `sheets.0.columns：最多 300 项`."""
    return f"{'.'.join(map(str, error['loc']))}：{expected_text(error)}"


def expected_text(error: Mapping[str, Any]) -> str:
    """What was expected in place of what stands there."""
    if error["type"] in EXPECTED:
        return EXPECTED[error["type"]].format(**error.get("ctx", {}))
    expected = error.get("ctx", {}).get("expected")
    return f"应为 {expected or error['msg']}"
