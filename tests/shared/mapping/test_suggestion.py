"""What headers are taken for: clear words at once, all others only after a question."""

import re
from pathlib import PurePath

import pytest

from shared.ledger.sheets import Sheet
from shared.mapping.evidence import suggest_for_sheet
from shared.mapping.headers import read_header
from shared.mapping.model import NAME_PATTERN
from shared.mapping.proposal import name_mapping
from shared.mapping.questions import parse_meaning
from shared.mapping.suggestion import Suggestion
from shared.mapping.vocabulary import CLEAR_WORDS

YEAR_TO_DATE = "progress.invested_ytd_yuan;span=year"
OF_MONTH = "progress.invested_ytd_yuan;span=month"
SINCE_START = "progress.invested_ytd_yuan;span=ever"


def suggest(*headers: str, cells: tuple[object, ...] = ()) -> list[Suggestion]:
    """Suggestions for headers beside a name and a unit; groups are written before a ›."""
    paths = [("项目名称",), ("责任单位",), *(tuple(h.split("›")) for h in headers)]
    depth = max(map(len, paths))
    rows = [[path[i] if i < len(path) else None for path in paths] for i in range(depth)]
    merged = tuple(
        (len(path) - 1, i, depth - 1, i) for i, path in enumerate(paths) if len(path) < depth
    )
    rows.append(["东区学校", "住建局", *cells])  # type: ignore[list-item]
    header = read_header(Sheet("台账", rows, merged or ((0, 0, 0, 0),)))  # type: ignore[arg-type]
    assert header
    return suggest_for_sheet(header)[2:]


def taken(header: str, *cells: object) -> str | None:
    """What a header is taken for without a question."""
    (found,) = suggest(header, cells=cells)
    return found.meanings[0] if found.is_sure else None


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("2022年计划投资", "plans.planned_yuan"),
        ("年度计划投资（万元）", "plans.planned_yuan"),
        ("本年度投资计划", "plans.planned_yuan"),
        ("1-9月完成投资", YEAR_TO_DATE),
        ("2022年1—9月累计完成投资额", YEAR_TO_DATE),
        ("本年累计完成投资", YEAR_TO_DATE),
        ("2022年完成投资", YEAR_TO_DATE),
        ("9月累计完成投资", YEAR_TO_DATE),
        ("本月完成投资", OF_MONTH),
        ("9月当月完成投资", OF_MONTH),
        ("以前年度完成投资", "plans.prior_invested_yuan"),
        ("截至2021年底累计完成投资", "plans.prior_invested_yuan"),
        ("上年底累计完成投资", "plans.prior_invested_yuan"),
        ("项目总投资额", "projects.total_investment_yuan"),
        ("计划开工时间", "milestones.planned_on;kind=started"),
        ("实际竣工日期", "milestones.actual_on;kind=completed"),
        ("建设起止年限", "milestones.period"),
        ("存在的困难和问题", "problems.summary"),
        ("主管部门", "projects.competent_unit_id"),
        ("前期手续›立项", "permits.granted_on;kind=initiation"),
        ("开工时间›计划", "milestones.planned_on;kind=started"),
        ("完成投资›1-9月", YEAR_TO_DATE),
        ("2022年›计划投资", "plans.planned_yuan"),
        ("截至2022年9月底完成情况›占年度计划", "ignored=由计划和完成投资算出;derived=completion"),
        ("占年度计划（%）", "ignored=由计划和完成投资算出;derived=completion"),
    ],
)
def test_clear_words_are_taken(header: str, meaning: str) -> None:
    assert taken(header) == meaning


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("截至目前累计完成投资", YEAR_TO_DATE),
        ("累计完成投资", YEAR_TO_DATE),
        ("截至9月底", YEAR_TO_DATE),
        ("截至9月底完成投资", YEAR_TO_DATE),
        ("完成投资", YEAR_TO_DATE),
        ("截至2022年9月底完成情况›完成投资", YEAR_TO_DATE),
        ("6月›当月", OF_MONTH),
        ("6月完成投资", OF_MONTH),
        ("完成投资›6月", OF_MONTH),
        ("开工时间", "milestones.planned_on;kind=started"),
        ("竣工日期", "milestones.planned_on;kind=completed"),
        ("计划投资", "plans.planned_yuan"),
        ("2022年计划投资›3月", "plans.curve;span=month"),
        ("项目类别", "projects.nature"),
        ("实施单位", "projects.owner_name"),
        ("到位资金", "funds.amount_yuan;event=arrived;source=ask"),
    ],
)
def test_words_of_several_meanings_are_asked_about(header: str, first: str) -> None:
    (found,) = suggest(header)
    assert not found.is_sure
    assert found.meanings[0] == first
    assert len(found.meanings) > 1


@pytest.mark.parametrize(
    "header",
    [
        *("上年完成投资", "剩余投资", "未完成投资", "年度计划投资调整数", "预计全年完成投资"),
        *("较上月增加投资", "1-9月计划完成投资", "总投资中政府投资", "总投资›其中：中央资金"),
        *("责任单位联系人", "主管部门分管领导", "开工面积", "竣工备案号", "完成投资占比情况说明"),
        *("年度计划›总投资", "项目全称", "卡点堵点", "抓落实部门"),
    ],
)
def test_what_only_looks_like_clear_words_is_asked_about(header: str) -> None:
    (found,) = suggest(header)
    assert not found.is_sure


def test_two_columns_of_one_meaning_are_both_asked_about() -> None:
    found = suggest("主管部门", "行业主管部门")
    assert [each.is_sure for each in found] == [False, False]


def test_two_years_of_one_meaning_are_two() -> None:
    found = suggest("2022年计划投资", "2023年计划投资")
    assert [each.is_sure for each in found] == [True, True]


def test_cells_that_speak_against_the_words_make_it_a_question() -> None:
    assert taken("计划开工时间", "已批") is None
    assert taken("计划开工时间", "2022.8") == "milestones.planned_on;kind=started"
    assert taken("年度计划投资", "详见附件") is None


def test_physical_progress_in_words_is_a_note_and_in_figures_a_percentage() -> None:
    assert taken("形象进度", "主体完工") == "progress.note"
    assert taken("形象进度", 60) == "progress.physical_pct"


def test_every_meaning_of_the_vocabulary_can_be_mapped() -> None:
    meanings = {meaning for found in CLEAR_WORDS.values() for meaning in found}
    assert [meaning for meaning in meanings if parse_meaning("x", meaning) is None] == []


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("九月.xlsx", "九月"),
        ("台账#1：a/b%.xlsx", "b"),
        ("台账#1 50%.xls", "台账 1 50"),
        ("长" * 120 + ".xlsx", "长" * 100),
        ("a" * 99 + " b.xlsx", "a" * 99),
        ("#.xlsx", "本单位台账"),
    ],
)
def test_a_mapping_is_named_after_its_file_so_that_an_address_has_it(file: str, name: str) -> None:
    assert name_mapping(PurePath(file).stem) == name
    assert re.fullmatch(NAME_PATTERN, name)
