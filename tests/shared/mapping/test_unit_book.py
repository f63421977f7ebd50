"""Which unit a name is: by id and exact name, by an answer, new; else asked about."""

from typing import Any

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import merge_part
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.questions import describe_refusal
from tests.shared.mapping.made_sheets import keys_of, propose, rows_of, stored_units
from tests.shared.mapping.named_rows import read_rows, row


@pytest.mark.parametrize(
    ("answer", "unit"),
    [
        ("U02", ("U02", "水利局")),
        ("水 利局", ("U02", "水利局")),
        ("U04", ("U04", "教育局")),  # which the row below makes
        ("教育局", ("U04", "教育局")),
        ("new:department:县直部门:卫健局", ("U05", "卫健局")),
        ("new:department:县直部门:教育局", ("U04", "教育局")),
    ],
)
def test_the_unit_that_a_new_project_lacks_may_be_new_as_well(
    answer: str, unit: tuple[str, str]
) -> None:
    rows = row("滨河公路", unit=""), row("城北水厂", unit="教育局")
    answers = {"unit_id__滨河公路": answer, "unit__教育局": "new:department:县直部门"}
    reading = read_rows(stored_units(), *rows, **answers)
    assert reading.is_ready
    assert rows_of(reading, "projects", "unit_id") == [(unit[0],), ("U04",)]
    after = merge_part(reading.part, stored_units()).tables["units"].to_pylist()
    names = {each["unit_id"]: each["name"] for each in after}
    assert names[unit[0]] == unit[1]
    assert len(names) == 4 + (unit[0] == "U05")


def test_an_answer_may_be_a_unit_that_a_later_name_makes() -> None:
    rows = row("滨河公路", unit="教体局"), row("城北水厂", unit="教育局")
    answers = {"unit__教体局": "教育局", "unit__教育局": "new:department:县直部门"}
    reading = read_rows(stored_units(), *rows, **answers)
    assert reading.is_ready
    assert rows_of(reading, "projects", "unit_id") == [("U04",), ("U04",)]


@pytest.mark.parametrize(
    ("key", "answer", "told"),
    [
        ("unit_id:滨河公路", "U77", "应为单位的编号或名称"),
        ("unit_id:滨河公路", "new:department:县直部门", "new:类别:组别:单位名称"),
        ("as_of:台账", "九月", "应为日期，如 2022-09-30"),
        ("column:台账:干到哪一步", "progress.nothing", "应为台账的一列"),
        ("nature:滨河公路", "在建", "以下之一：new（新建）"),
        ("unit_of_money:台账", "斤", "应为金额单位"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_with_what_would(
    key: str, answer: str, told: str
) -> None:
    header: list[Any] = ["项目名称", "责任单位", "建设性质", "干到哪一步", "进展情况", "总投资"]
    sheet = Sheet("台账", [header, ["滨河公路", "", "", "封顶", "封顶", 100]], ())
    reading = read_mapped(propose(sheet), [sheet], stored_units(), {key: answer})
    (refused,) = [each for each in reading.questions if each.refused]
    assert (refused.key, refused.refused) == (key, answer)
    text = describe_refusal(refused)
    assert text.startswith(f"答得不对：{key}={answer}，")
    assert told in text


def test_a_unit_is_known_by_id_name_or_answer_and_else_asked_about() -> None:
    stored = stored_units()
    for name in ("U01", "住建局", "住 建局"):
        assert read_rows(stored, row("滨河公路", unit=name)).is_ready
    (asked,) = read_rows(stored, row("滨河公路", unit="县住建局")).questions
    assert (asked.key, asked.column, asked.row) == ("unit:县住建局", "C", 2)
    assert asked.options[0].value == "U01"
    reading = read_rows(stored, row("滨河公路", unit="县住建局"), unit__县住建局="U01")
    assert rows_of(reading, "projects", "unit_id") == [("U01",)]


def test_a_new_unit_has_the_next_id_and_what_the_answer_says() -> None:
    rows = row("滨河公路", unit="教育局"), row("城北水厂", unit="教育局")
    reading = read_rows(stored_units(), *rows, unit__教育局="new:乡镇:第一组")
    assert rows_of(reading, "units", "unit_id", "name", "kind", "group") == [
        ("U04", "教育局", "township", "第一组")
    ]
    assert rows_of(reading, "projects", "unit_id") == [("U04",), ("U04",)]


def test_a_unit_of_a_new_project_that_is_blank_is_asked_about() -> None:
    reading = read_rows(stored_units(), row("滨河公路", unit=""))
    assert keys_of(reading) == ["unit_id:滨河公路"]
    answered = read_rows(stored_units(), row("滨河公路", unit=""), unit_id__滨河公路="U02")
    assert answered.is_ready
    assert rows_of(answered, "projects", "unit_id") == [("U02",)]


def test_units_whose_names_have_the_characters_of_a_nickname_are_offered_and_not_taken() -> None:
    stored = Facts.from_rows(
        {
            "units": [
                {"unit_id": key, "name": name, "kind": "department", "group": "部门"}
                for key, name in {
                    "U01": "样县住房和城乡建设局",
                    "U02": "样县文化和旅游局",
                    "U03": "样县教育和体育局",
                    "U04": "样县水利局",
                }.items()
            ]
        }
    )
    for nickname, key in {"住建局": "U01", "文旅局": "U02", "教体局": "U03"}.items():
        reading = read_rows(stored, row("滨河公路", unit=nickname))
        (asked,) = reading.questions
        assert asked.key == f"unit:{nickname}"
        offered = [option.value for option in asked.options if not option.value.startswith("new")]
        assert offered[0] == key
        assert "U04" not in offered
