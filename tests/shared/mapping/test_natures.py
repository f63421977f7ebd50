"""The nature of projects that a sheet's name or its titles say."""

from typing import Any

import pytest

from shared.ledger.sheets import Sheet
from shared.mapping.mapped_reading import MappedReading, read_mapped
from shared.mapping.natures import nature_said
from tests.shared.mapping.made_sheets import (
    keys_of,
    propose,
    rows_of,
    stored_project,
    stored_units,
)


@pytest.mark.parametrize(
    ("sheet", "title", "nature"),
    [
        ("新建", "2022年重点项目", "new"),
        ("Sheet1", "临山县2022年续建项目进度（9月）", "continuing"),
        ("2.续建项目（12个）", "2022年新建、续建项目", "continuing"),
        ("新建", "2022年续建项目", None),  # the title was copied
        ("Sheet1", "2022年新建、续建项目", None),
        ("Sheet1", "新建区2022年重点项目", None),
        ("Sheet1", "重点项目前期工作推进情况", None),
        ("前期", "2022年重点项目", "preliminary"),
        ("Sheet1", "2022年储备项目", "reserve"),
        ("台账", "2022年重点项目", None),
    ],
)
def test_a_sheet_says_a_nature_where_it_says_one(
    sheet: str, title: str, nature: str | None
) -> None:
    assert nature_said(sheet, [title]) == nature


def read_new_sheet(*rows: list[Any], **answers: str) -> MappedReading:
    sheet = Sheet("新建", [["项目名称", "责任单位", "总投资（万元）"], *rows], ())
    stored = stored_units(stored_project("P001", "东区学校", nature="continuing"))
    given = {key.replace("__", ":"): value for key, value in answers.items()}
    return read_mapped(propose(sheet), [sheet], stored, given)


def test_new_projects_have_the_nature_of_their_sheet_which_is_told_once() -> None:
    rows = [["东区学校", "住建局", 1], ["城北水厂", "住建局", 2], ["滨河公路", "交通局", 3]]
    reading = read_new_sheet(*rows)
    assert keys_of(reading) == []
    assert rows_of(reading, "projects", "project_id", "nature") == [
        ("P001", "continuing"),
        ("P002", "new"),
        ("P003", "new"),
    ]
    (told,) = reading.findings
    assert (told.code, told.count) == ("nature_of_sheet", 2)
    assert "作为新建导入（第3、4行）" in told.expected


def test_an_answer_goes_before_the_nature_of_the_sheet() -> None:
    reading = read_new_sheet(["城北水厂", "住建局", 2], nature__城北水厂="continuing")
    assert rows_of(reading, "projects", "nature") == [("continuing",)]
    assert not reading.findings
