"""Validation errors of a request's fields, in Chinese sentences."""

from collections.abc import Mapping
from typing import Any

from shared.http.field_errors import build_pointer

VALIDATION_MESSAGES: Mapping[str, str] = {
    "missing": "不能缺少",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是有效的 JSON",
    "enum": "应为 {expected} 之一",
    "string_type": "应为文字",
    "string_too_short": "不能少于 {min_length} 个字符",
    "string_too_long": "不能多于 {max_length} 个字符",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，如 2026-05-04",
    "date_parsing": "应为日期，如 2026-05-04",
    "date_from_datetime_parsing": "应为日期，如 2026-05-04",
    "date_from_datetime_inexact": "应为日期，如 2026-05-04",
    "datetime_parsing": "应为时刻，如 2026-05-04T09:00:00+08:00",
    "datetime_from_date_parsing": "应为时刻，如 2026-05-04T09:00:00+08:00",
    "timezone_aware": "时刻应带时区",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_whole_digits": "整数部分最多 {whole_digits} 位",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
    "datetime_type": "应为时刻，如 2026-05-04T09:00:00+08:00",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "model_type": "应为 JSON 对象",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "literal_error": "应为 {expected} 之一",
    "dict_type": "应为键和值",
    "unprintable": "应为一行文字，不含看不见的字符",
    "hidden": "不应含看不见的字符",
    "blank": "应写明文字，不能只有看不见的字符",
    "nothing_searched": "去掉空格后没有可查的文字",
    "no_default": "应写明 default",
    "no_reason": "退回应写明理由",
    "no_such_kind": "应为一种记录的名称，如 progress",
    "office_and_region": "office 和 region 只写一个",
    "run_and_more": "写了 run_id，就不写 scheme、as_of、known_at、office、region",
    "told": "{said}",
}


def request_error_document(error: Mapping[str, Any], *, english: bool) -> dict[str, str]:
    """An error of pydantic as a JSON pointer and a sentence."""
    sentence = VALIDATION_MESSAGES.get(error["type"], "不合要求")
    return {
        "pointer": build_pointer(*error["loc"][1:]),
        "code": error["type"],
        "detail": error["msg"] if english else sentence.format(**chinese_context(error)),
    }


def chinese_context(error: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence names; pydantic joins the words of a vocabulary by «or»."""
    context = dict(error.get("ctx", {}))
    if error["type"] in ("enum", "literal_error"):
        context["expected"] = context["expected"].replace("' or '", "', '").replace(", ", "、")
    return context
