"""Years, months and days in headers and titles, and the holes that stand for them."""

from datetime import date

import pytest

from shared.mapping.patterns import compute_shape, fold_pattern, identify, make_holes
from shared.mapping.periods import Period, find_days, find_period, find_years


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1-9月完成投资", Period(None, 9)),
        ("2022年1—10月份完成投资", Period(2022, 10)),
        ("截至9月底", Period(None, 9)),
        ("截至2022年9月25日", Period(2022, 9, 25)),
        ("2022年计划投资", Period(2022)),
        ("６月", Period(None, 6)),
        ("十一月", Period(None, 11)),
        ("2022.9", Period(2022, 9)),
        ("2022年上半年完成", Period(2022, 6)),
        ("截至2021年底累计", Period(2021, 12)),
        ("9月中旬", Period(None, 9, 20)),
        ("总投资", None),
        ("二期工程", None),
        ("13月", None),
    ],
)
def test_a_period_is_what_stands_there(text: str, period: Period | None) -> None:
    assert find_period(text) == period


@pytest.mark.parametrize(
    ("titles", "days"),
    [
        (["XX县2022年台账（截至9月30日）"], [date(2022, 9, 30)]),
        (["2022年1-9月进度表"], [date(2022, 9, 30)]),
        (["台账（截至2022年2月底）", "填报日期：2022年3月5日"], [date(2022, 2, 28)]),
        (["2022年9月调度表（8月修订）"], [date(2022, 9, 30), date(2022, 8, 31)]),
        (["重点项目进展情况（根据2022年3月1日会议要求整理）"], []),
        (["2022年重点项目"], []),
    ],
)
def test_days_of_titles_are_all_that_they_name_but_those_of_filling_in(
    titles: list[str], days: list[date]
) -> None:
    assert find_days(titles, 2022) == days


def test_a_month_without_a_year_is_no_day_without_one() -> None:
    assert find_days(["截至9月30日"], None) == []
    assert find_days(["截至9月30日"], 2022) == [date(2022, 9, 30)]


def test_years_of_titles_are_all_that_they_name() -> None:
    assert find_years(["2022年重点项目（2021年结转）"]) == [2022, 2021]
    assert find_years(["2022年重点项目", "填报时间：2023年1月"]) == [2022]
    assert find_years(["国道2022线"]) == []


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("1-9月完成投资", "1-{月}月完成投资"),
        ("2022年1—9月完成投资（万元）", "{年}年1—{月}月完成投资（万元）"),
        ("截至9月30日", "截至{月}月{日}日"),
        ("十月", "{月}月"),
        ("总投资", "总投资"),
    ],
)
def test_what_changes_every_month_is_a_hole(text: str, holes: str) -> None:
    assert make_holes(text) == holes


def test_patterns_are_one_whatever_their_unit_width_and_spaces() -> None:
    one = {fold_pattern(t) for t in ("总投资（万元）", "总 投 资", "总投资/亿元", "*总投资")}
    assert one == {"总投资"}


def test_a_shape_is_the_same_for_another_month_order_and_number_of_months() -> None:
    def shape(*texts: str) -> str:
        return compute_shape(map(make_holes, texts))

    september = shape("项目名称", "2022年计划投资", "8月", "9月")
    assert september == shape("2023年计划投资", "项目名称", "8月", "9月", "10月")
    assert september != shape("项目名称", "计划投资", "8月", "9月")


def test_the_second_column_of_a_name_is_another() -> None:
    assert identify("备注 #2") != identify("备注")
