"""Sentences of doubts by code, in both languages; `figure` and `limit` are the two figures."""

from collections.abc import Mapping
from types import MappingProxyType

CHINESE_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "ytd_above_total": "本年完成 {figure}，超过总投资 {limit}",
        "ytd_above_plan": "本年完成 {figure}，超过 {year} 年计划的 {factor} 倍即 {limit}",
        "invested_above_total": "连同以前年度共完成 {figure}，超过总投资 {limit}",
        "below_earlier": "本年完成 {figure}，少于此前 {day} 报送的 {limit}",
        "above_later": "本年完成 {figure}，多于此后 {day} 报送的 {limit}",
        "percent_above_limit": "形象进度 {figure}，超过 {limit}",
        "date_in_future": "日期 {figure} 在今天 {limit} 之后",
        "approved_above_total": "截至 {day} 获批资金共 {figure}，超过总投资 {limit}",
        "before_its_predecessor": "{kind} {figure} 早于{other} {limit}",
        "after_its_successor": "{kind} {figure} 晚于{other} {limit}",
        "started_before_permit": "开工 {figure} 早于施工许可办结 {limit}",
        "started_without_permit": "开工 {figure}，而需要的施工许可还没有办结",
    }
)
ENGLISH_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "ytd_above_total": "Completed this year, {figure}, is above the total investment, {limit}.",
        "ytd_above_plan": (
            "Completed this year, {figure}, is above {factor} times the plan of {year}, {limit}."
        ),
        "invested_above_total": (
            "Completed with the years before, {figure}, is above the total investment, {limit}."
        ),
        "below_earlier": "Completed this year, {figure}, is below the {limit} reported for {day}.",
        "above_later": "Completed this year, {figure}, is above the {limit} reported for {day}.",
        "percent_above_limit": "Physical progress, {figure}, is above {limit}.",
        "date_in_future": "The date {figure} is after today, {limit}.",
        "approved_above_total": (
            "Funds approved up to {day}, {figure}, are above the total investment, {limit}."
        ),
        "before_its_predecessor": "{kind} on {figure} is before {other} on {limit}.",
        "after_its_successor": "{kind} on {figure} is after {other} on {limit}.",
        "started_before_permit": (
            "Started on {figure}, before the construction permit was granted on {limit}."
        ),
        "started_without_permit": (
            "Started on {figure}, but the construction permit that is needed is not granted."
        ),
    }
)
