"""Which project a row is, which unit a name is: by code and exact name, else by asking."""

from typing import Any

from shared.ledger.sheets import Sheet
from shared.mapping.changes import merge_part
from shared.mapping.identities import next_ids
from shared.mapping.likeness import fold_project
from shared.mapping.mapped_reading import read_mapped
from tests.shared.mapping.made_sheets import (
    keys_of,
    propose,
    rows_of,
    stored_project,
    stored_units,
)
from tests.shared.mapping.named_rows import CODE, projects_of, read_rows, row, sheet_of


def test_a_known_code_goes_before_the_name() -> None:
    stored = stored_units(stored_project("P007", "东区学校", national_code=CODE))
    assert projects_of(read_rows(stored, row("东区学校新址", CODE))) == [("P007", "东区学校新址")]


def test_an_exact_name_is_exact_but_for_width_spaces_and_kinds_of_brackets() -> None:
    stored = stored_units(stored_project("P007", "东区学校(一期)"))
    for name in ("东区学校（一期）", "东区 学校【一期】", "东区学校(一期)"):
        assert read_rows(stored, row(name)).is_ready
        assert [key for key, _ in projects_of(read_rows(stored, row(name)))] == ["P007"]
    assert fold_project("东区学校〔一期〕") == "东区学校(一期)"


def test_a_name_that_is_only_alike_is_asked_about() -> None:
    stored = stored_units(stored_project("P007", "东区学校"), stored_project("P008", "城北水厂"))
    reading = read_rows(stored, row("东区学校建设项目"))
    assert [(q.key, [o.value for o in q.options]) for q in reading.questions] == [
        ("project:东区学校建设项目", ["P007", "new", "skip"])
    ]
    assert projects_of(reading) == []


def test_the_answer_is_kept_and_leaves_the_stored_name() -> None:
    stored = stored_units(stored_project("P007", "东区学校"))
    reading = read_rows(stored, row("东区学校建设项目"), project__东区学校建设项目="P007")
    assert reading.is_ready
    (project,) = merge_part(reading.part, stored).tables["projects"].to_pylist()
    assert (project["project_id"], project["name"]) == ("P007", "东区学校")
    assert project["total_investment_yuan"] == 1_000_000
    assert reading.mapping.names.projects == {"东区学校建设项目": "P007"}
    again = read_mapped(reading.mapping, [sheet_of(row("东区学校建设项目"))], stored)
    assert again.is_ready


def test_a_name_answered_as_new_is_new_once_and_known_the_next_month() -> None:
    stored = stored_units(stored_project("P007", "东区学校"))
    reading = read_rows(stored, row("东区学校二期"), project__东区学校二期="new")
    assert projects_of(reading) == [("P008", "东区学校二期")]
    known = stored_units(stored_project("P007", "东区学校"), stored_project("P008", "东区学校二期"))
    again = read_mapped(reading.mapping, [sheet_of(row("东区学校二期"))], known)
    assert projects_of(again) == [("P008", "东区学校二期")]


def test_a_name_like_no_other_is_new_without_a_question() -> None:
    stored = stored_units(stored_project("P011", "东区学校"))
    assert projects_of(read_rows(stored, row("滨河公路"))) == [("P012", "滨河公路")]


def test_two_stored_projects_of_one_name_are_asked_about() -> None:
    stored = stored_units(stored_project("P001", "东区学校"), stored_project("P002", "东区学校"))
    (asked,) = read_rows(stored, row("东区学校")).questions
    assert [option.value for option in asked.options] == ["P001", "P002", "new", "skip"]


def test_two_rows_of_one_name_are_asked_about_each_by_its_unit() -> None:
    stored = stored_units(stored_project("P001", "东区学校"))
    rows = row("东区学校"), row("东区学校", unit="水利局")
    assert keys_of(read_rows(stored, *rows)) == [
        "project:东区学校@住建局",
        "project:东区学校@水利局",
    ]
    both = {"project__东区学校@住建局": "P001", "project__东区学校@水利局": "new"}
    reading = read_rows(stored, *rows, **both)
    assert projects_of(reading) == [("P001", "东区学校"), ("P002", "东区学校")]
    after = merge_part(reading.part, stored)
    turned = read_mapped(reading.applied_mapping, [sheet_of(*reversed(rows))], after)
    assert turned.is_ready
    assert rows_of(turned, "projects", "project_id") == [("P002",), ("P001",)]


def test_a_name_with_another_code_is_asked_about() -> None:
    stored = stored_units(stored_project("P007", "东区学校", national_code=CODE))
    other = CODE.replace("100001", "200002")
    assert keys_of(read_rows(stored, row("东区学校", other))) == ["project:东区学校"]


def test_a_name_of_another_region_is_asked_about() -> None:
    stored = stored_units(stored_project("P007", "东区学校", region_code="141127"))
    for region, keys in (("141128", ["project:东区学校"]), ("141127", []), ("141100", [])):
        rows: list[list[Any]] = [
            ["项目名称", "责任单位", "区划代码"],
            ["东区学校", "住建局", region],
        ]
        sheet = Sheet("台账", rows, ())
        assert keys_of(read_mapped(propose(sheet), [sheet], stored)) == keys


def test_two_rows_of_one_project_are_asked_about() -> None:
    stored = stored_units(stored_project("P007", "东区学校", national_code=CODE))
    reading = read_rows(stored, row("东区学校", CODE), row("东区新学校", CODE))
    assert keys_of(reading) == ["project:东区新学校"]


def test_an_answer_that_cannot_be_is_asked_again() -> None:
    stored = stored_units(stored_project("P007", "东区学校"))
    (asked,) = read_rows(stored, row("东区学校二期"), project__东区学校二期="P999").questions
    assert asked.refused == "P999"
    (unit,) = read_rows(stored, row("滨河公路", unit="住房局"), unit__住房局="U99").questions
    assert unit.refused == "U99"


def test_a_row_that_is_answered_as_none_is_left_out_and_told() -> None:
    stored = stored_units(stored_project("P007", "东区学校"))
    rows = row("东区学校", unit="水利局"), row("滨河公路")
    for answers in ({"project__东区学校": "skip"}, {"nature__东区学校": "skip"}):
        reading = read_rows(stored, *rows, **answers)
        assert reading.is_ready
        assert projects_of(reading) == [("P008", "滨河公路")]
        assert [(f.code, f.row, f.value) for f in reading.findings] == [
            ("row_left_out", 2, "东区学校")
        ]
        again = read_mapped(reading.mapping, [sheet_of(*rows)], stored)
        assert projects_of(again) == [("P008", "滨河公路")]


def test_a_lone_label_below_the_rows_is_a_note_and_no_project() -> None:
    reading = read_rows(stored_units(), row("滨河公路"), ("分管县级领导审签：", "", "", "", ""))
    assert reading.is_ready
    assert projects_of(reading) == [("P001", "滨河公路")]
    assert [(f.code, f.row) for f in reading.findings] == [("note_rows", 3)]
    named = read_rows(stored_units(), ("滨河公路：", "", "住建局", "新建", 100))
    assert projects_of(named) == [("P001", "滨河公路：")]


def test_what_is_asked_of_two_projects_of_one_name_is_asked_of_each() -> None:
    header: list[Any] = ["项目名称", "责任单位", "总投资（万元）"]
    rows: list[list[Any]] = [["环城路", "住建局", 100], ["环城路", "交通局", 200]]
    sheet = Sheet("台账", [header, *rows], ())
    answers = {f"project:环城路@{unit}": "new" for unit in ("住建局", "交通局")}
    asked = read_mapped(propose(sheet), [sheet], stored_units(), answers)
    keys = [f"nature:环城路@{unit}" for unit in ("住建局", "交通局")]
    assert keys_of(asked) == keys
    answers |= dict(zip(keys, ("new", "continuing"), strict=True))
    reading = read_mapped(propose(sheet), [sheet], stored_units(), answers)
    assert reading.is_ready
    assert rows_of(reading, "projects", "unit_id", "nature") == [
        ("U01", "new"),
        ("U03", "continuing"),
    ]


def test_what_is_asked_of_two_rows_without_a_unit_is_told_apart_by_their_codes() -> None:
    other = CODE.replace("100001", "200002")
    rows = row("环城路", CODE, unit=""), row("环城路", other, unit="")
    answers = {f"project__环城路@{code}": "new" for code in (CODE, other)}
    asked = read_rows(stored_units(), *rows, **answers)
    assert keys_of(asked) == [f"unit_id:环城路@{code}" for code in (CODE, other)]


def test_ids_follow_the_offices_own_pattern() -> None:
    def following(*stored: str) -> list[str]:
        ids = iter(next_ids(stored, "P"))
        return [next(ids), next(ids)]

    assert following() == ["P001", "P002"]
    assert following("P009", "P003") == ["P010", "P011"]
    assert following("XM-0007", "XM-0012", "A1") == ["XM-0013", "XM-0014"]


def test_two_rows_that_nothing_tells_apart_are_an_error() -> None:
    reading = read_rows(stored_units(), row("东区学校"), row("滨河公路"), row("东区学校"))
    (wrong,) = reading.errors
    assert (wrong.code, wrong.row, wrong.value) == ("rows_alike", 4, "东区学校")


def test_an_id_of_a_row_is_given_to_no_other() -> None:
    header: list[Any] = ["项目编号", "项目名称", "责任单位", "建设性质"]
    rows: list[list[Any]] = [
        ["", "滨河公路", "住建局", "新建"],
        ["P001", "城北水厂", "住建局", "新建"],
    ]
    sheet = Sheet("台账", [header, *rows], ())
    answers = {"column:台账:项目编号": "projects.project_id"}
    reading = read_mapped(propose(sheet), [sheet], stored_units(), answers)
    assert projects_of(reading) == [("P002", "滨河公路"), ("P001", "城北水厂")]


def test_rows_below_a_merged_name_are_of_its_project() -> None:
    rows: list[list[Any]] = [
        ["2022年台账（截至9月30日，单位：万元）"],
        ["项目名称", "责任单位", "建设性质", "总投资", "存在问题"],
        ["东区学校", "住建局", "新建", 100, "征地未完成"],
        ["", "", "", "", "资金缺口"],
        ["滨河公路", "交通局", "新建", 200, "无"],
    ]
    sheet = Sheet("台账", rows, tuple((2, i, 3, i) for i in range(4)))
    reading = read_mapped(propose(sheet), [sheet], stored_units())
    assert reading.is_ready
    assert projects_of(reading) == [("P001", "东区学校"), ("P002", "滨河公路")]
    amounts = rows_of(reading, "projects", "total_investment_yuan")
    assert amounts == [(1_000_000,), (2_000_000,)]
    assert rows_of(reading, "problems", "project_id", "summary") == [
        ("P001", "征地未完成"),
        ("P001", "资金缺口"),
    ]
