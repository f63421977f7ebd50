"""Doubts in words and as they are kept."""

import re
from datetime import date
from decimal import Decimal

from shared.plausibility.findings import Implausibility
from shared.plausibility.texts import CHINESE_TEXTS, ENGLISH_TEXTS


def test_both_languages_say_the_same() -> None:
    def holes(texts: dict[str, str]) -> dict[str, set[str]]:
        return {code: set(re.findall(r"{(\w+)}", text)) for code, text in texts.items()}

    assert holes(dict(CHINESE_TEXTS)) == holes(dict(ENGLISH_TEXTS))


def test_figures_are_kept_by_value_and_told_as_people_read_them() -> None:
    found = Implausibility("ytd_above_total", "progress", "invested_ytd_yuan", 9_000_000_000, 1000)
    assert found.document() == {
        "code": "ytd_above_total",
        "table": "progress",
        "column": "invested_ytd_yuan",
        "measure": "yuan",
        "value": "9000000000",
        "limit": "1000",
        "holds": True,
        "zh": "本年完成 9,000,000,000 元，超过总投资 1,000 元",
        "en": "Completed this year, 9,000,000,000 yuan, is above the total investment, 1,000 yuan.",
    }


def test_days_and_percentages_say_what_they_are() -> None:
    to_come = Implausibility(
        "date_in_future", "progress", "as_of", date(2023, 9, 30), date(2022, 9, 14)
    ).document()
    assert (to_come["measure"], to_come["value"]) == ("day", "2023-09-30")
    assert to_come["zh"] == "日期 2023-09-30 在今天 2022-09-14 之后"
    percent = Implausibility(
        "percent_above_limit", "progress", "physical_pct", Decimal("120.5000"), Decimal(100)
    ).document()
    assert (percent["measure"], percent["value"]) == ("percent", "120.5000")
    assert percent["zh"] == "形象进度 120.5%，超过 100%"
