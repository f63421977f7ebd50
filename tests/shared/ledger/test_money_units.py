"""Units of money, wherever they are written."""

import pytest

from shared.ledger.money_units import find_title_units, split_unit
from tests.shared.ledger.sound_ledger import places, reading

TEN_THOUSAND, HUNDRED_MILLION = 10_000, 100_000_000


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("总投资(万元)", TEN_THOUSAND),
        ("总投资/万元", TEN_THOUSAND),
        ("总投资(万)", TEN_THOUSAND),
        ("总投资万元", TEN_THOUSAND),
        ("总投资(万元人民币)", TEN_THOUSAND),
        ("总投资(人民币:万元)", TEN_THOUSAND),
        ("总投资(人民币万元)", TEN_THOUSAND),
        ("总投资(单位:万元)", TEN_THOUSAND),
        ("总投资(万元,含税)", TEN_THOUSAND),
        ("总投资【万元】", TEN_THOUSAND),
        ("总投资(亿)", HUNDRED_MILLION),
        ("总投资[亿元]", HUNDRED_MILLION),
        ("总投资(元)", 1),
        ("总投资(万美元)", None),
        ("总投资万美元", None),
        ("总投资(万欧)", None),
        ("总投资(百万元/年)", None),
        ("总投资(usd)", None),
        ("总投资(万元,亿元)", None),
    ],
)
def test_a_header_names_its_unit_or_one_that_is_not_understood(
    name: str, factor: int | None
) -> None:
    bare, unit = split_unit(name)
    assert unit is not None
    assert (bare, unit.factor) == ("总投资", factor)


@pytest.mark.parametrize(
    "name", ["项目名称(全称)", "单位编号", "1月", "责任单位", "公共单元", "备注/说明"]
)
def test_other_names_have_no_unit(name: str) -> None:
    assert split_unit(name) == (name, None)


@pytest.mark.parametrize(
    ("title", "factors"),
    [
        ("2022年重点项目台账（单位：万元）", [TEN_THOUSAND]),
        ("单位:万元　填表日期：2022年9月30日", [TEN_THOUSAND]),
        ("单位:万元填表日期：2022年9月30日", [TEN_THOUSAND]),
        ("填报单位：某县发改局    单位：万元    填报日期：2022-09-30", [TEN_THOUSAND]),
        ("（单位：万元/个）", [TEN_THOUSAND]),
        ("单位：个、亩、亿元", [HUNDRED_MILLION]),
        ("金额单位：人民币万元", [TEN_THOUSAND]),
        ("重点项目投资计划表（万元）", [TEN_THOUSAND]),
        ("单位：万美元", [None]),
        ("单位：万元，亿元", [TEN_THOUSAND, HUNDRED_MILLION]),
        ("填报单位：元坝区", []),
        ("填报单位：万元镇", []),
        ("单位：个", []),
        ("单位：千阳县发改局", []),
        ("单位：欧阳镇", []),
        ("千阳县亿元以上项目台账", []),
    ],
)
def test_a_title_names_units_among_other_words(title: str, factors: list[int | None]) -> None:
    assert [unit.factor for unit in find_title_units([title])] == factors


HEADER = "project_id,name,unit_id,nature"


@pytest.mark.parametrize("header", ["总投资（万美元）", "总投资（百万元/年）", "总投资（万欧）"])
def test_a_money_word_that_is_not_understood_is_never_yuan(header: str) -> None:
    found = reading(projects=f"{HEADER},{header}\nP001,沙棘,U01,new,5")
    assert places(found) == [("unit_not_understood", "projects", None, header)]


def test_titles_that_differ_are_an_error_where_a_column_does_not_say_its_own() -> None:
    titles = "单位：万元\n金额单位：亿元\n"
    own = reading(projects=f"{titles}{HEADER},总投资（元）\nP001,沙棘,U01,new,5")
    assert own.findings == ()
    found = reading(projects=f"{titles}{HEADER},总投资\nP001,沙棘,U01,new,5")
    assert places(found) == [("units_differ", "projects", None, "总投资")]


def test_units_may_stand_in_a_row_of_their_own_below_the_header() -> None:
    found = reading(plans="项目编号,年度,年度计划投资\n,年,万元\nP001,2022,5")
    assert found.findings == ()
    assert found.facts.tables["plans"]["planned_yuan"].to_pylist() == [50_000]


@pytest.mark.parametrize(
    "header", ["2022年度计划投资（万元）", "2022年计划投资（万元）", "2022年度计划投资额（万元）"]
)
def test_a_year_may_stand_before_the_name_and_must_be_that_of_the_row(header: str) -> None:
    found = reading(plans=f"项目编号,年度,{header}\nP001,2022,5\nP002,2023,6\nP002,2022,")
    assert places(found) == [("year_differs", "plans", 3, header)]


def test_a_year_before_the_investment_of_a_project_is_not_passed_over() -> None:
    found = reading(projects=f"{HEADER},2022年总投资（万元）\nP001,沙棘,U01,new,5")
    assert places(found) == [("unknown_column", "projects", None, "2022年总投资（万元）")]


def test_a_column_of_units_holds_for_the_amounts_beside_it_if_it_has_one() -> None:
    one = reading(projects=f"{HEADER},总投资,单位\nP001,沙棘,U01,new,5,万元\nP002,污水,U02,new,,")
    assert [f.code for f in one.findings] == ["unknown_column"]
    amounts = one.facts.tables["projects"]["total_investment_yuan"].to_pylist()
    assert amounts == [50_000, None]
    two = reading(
        projects=f"{HEADER},总投资,单位\nP001,沙棘,U01,new,5,万元\nP002,污水,U02,new,6,元"
    )
    assert [f.code for f in two.errors] == ["units_differ"]
