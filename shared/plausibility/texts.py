"""Sentences of doubts by code, in both languages; `value` and `limit` are the two figures."""

from collections.abc import Mapping
from types import MappingProxyType

CHINESE_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "ytd_above_total": "本年完成 {value}，超过总投资 {limit}",
        "ytd_above_plan": "本年完成 {value}，超过 {year} 年计划的 {factor} 倍即 {limit}",
        "invested_above_total": "连同以前年度共完成 {value}，超过总投资 {limit}",
        "below_earlier": "本年完成 {value}，少于此前 {day} 报送的 {limit}",
        "above_later": "本年完成 {value}，多于此后 {day} 报送的 {limit}",
        "percent_over_100": "形象进度 {value}，超过 {limit}",
        "date_in_future": "日期 {value} 在今天 {limit} 之后",
        "approved_above_total": "截至 {day} 获批资金共 {value}，超过总投资 {limit}",
        "before_its_predecessor": "{kind} {value} 早于{other} {limit}",
        "after_its_successor": "{kind} {value} 晚于{other} {limit}",
        "started_before_permit": "开工 {value} 早于施工许可办结 {limit}",
        "started_without_permit": "开工 {value}，而需要的施工许可还没有办结",
    }
)
ENGLISH_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "ytd_above_total": "Completed this year, {value}, is above the total investment, {limit}.",
        "ytd_above_plan": (
            "Completed this year, {value}, is above {factor} times the plan of {year}, {limit}."
        ),
        "invested_above_total": (
            "Completed with the years before, {value}, is above the total investment, {limit}."
        ),
        "below_earlier": "Completed this year, {value}, is below the {limit} reported for {day}.",
        "above_later": "Completed this year, {value}, is above the {limit} reported for {day}.",
        "percent_over_100": "Physical progress, {value}, is above {limit}.",
        "date_in_future": "The date {value} is after today, {limit}.",
        "approved_above_total": (
            "Funds approved up to {day}, {value}, are above the total investment, {limit}."
        ),
        "before_its_predecessor": "{kind} on {value} is before {other} on {limit}.",
        "after_its_successor": "{kind} on {value} is after {other} on {limit}.",
        "started_before_permit": (
            "Started on {value}, before the construction permit was granted on {limit}."
        ),
        "started_without_permit": (
            "Started on {value}, but the construction permit that is needed is not granted."
        ),
    }
)
