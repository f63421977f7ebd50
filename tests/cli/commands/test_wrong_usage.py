"""What a person gets wrong ends with exit 2 and a sentence that says what, never in a trace."""

import os
from pathlib import Path

import pytest

from tests.cli.runner import SMALL, bairi, without_spaces

DAY = ("--as-of", "2022-12-25")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("score", SMALL, "--as-of", "2022-02-30"), "应为日期，如 2022-12-25，写的是“2022-02-30”"),
        (("score", SMALL, "--as-of", "昨天"), "应为日期，如 2022-12-25，写的是“昨天”"),
        (
            ("score", SMALL, "--as-of", "0022-12-25"),
            "日期应在 1950 年至 2199 年之间，写的是“0022-12-25”",
        ),
        (
            ("letters", SMALL, "--from", "2022-09-15", "--to", "9999-12-31"),
            "日期应在 1950 年至 2199 年之间，写的是“9999-12-31”",
        ),
        (
            ("letters", SMALL, "--from", "2022-12-25", "--to", "2022-12-24"),
            "--from 应不晚于 --to，且相隔不超过 3660 天",
        ),
        (
            ("letters", SMALL, "--from", "2012-01-01", "--to", "2022-12-25"),
            "--from 应不晚于 --to，且相隔不超过 3660 天",
        ),
        (
            ("explain", SMALL, *DAY, "--unit", "U99"),
            "台账里没有单位“U99”，有：U01、U02、U03",
        ),
        (
            ("explain", SMALL, *DAY, "--unit", "U01", "--metric", "speed"),
            "方案里没有指标“speed”，有：start_rate、pooling_rate、",
        ),
        (
            ("score", SMALL, *DAY, "--scheme", "lanxian"),
            "方案有误：没有内置方案或文件“lanxian”；内置方案：heilongjiang-2021、lanxian-2022、yanan-2017",
        ),
        (
            ("letters", SMALL, "--from", "2022-09-15", "--to", "2022-12-25", "--scheme", "x.yaml"),
            "方案有误：没有内置方案或文件“x.yaml”",
        ),
        (("up", "--cors-origins", "*"), "逐个写来源，不能写 *"),
        (("up", "--cors-origins", "https://example.gov.cn/page"), "应写作 https://example.gov.cn"),
        (("check", "nowhere"), "没有这个文件或文件夹：nowhere"),
        (("score", "nowhere.xlsx", *DAY), "没有这个文件或文件夹：nowhere.xlsx"),
        (("convert", "nowhere", "out.xlsx"), "没有这个文件或文件夹：nowhere"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(arguments: tuple[object, ...], sentence: str) -> None:
    outcome = bairi(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert without_spaces(sentence) in outcome.said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("rank",),
        ("score", SMALL),
        ("score", *DAY),
        ("score", SMALL, *DAY, "--format", "xml"),
        ("score", SMALL, *DAY, "--group", "departments"),
        ("letters", SMALL, "--from", "2022-09-15"),
        ("explain", SMALL, *DAY),
        ("convert", SMALL),
    ],
)
def test_a_command_that_lacks_something_exits_2(arguments: tuple[object, ...]) -> None:
    assert bairi(*arguments).code == 2


@pytest.mark.parametrize("name", ["missing/out.xlsx", "file/out", "folder.xlsx"])
def test_a_target_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("不是文件夹", encoding="utf-8")
    (tmp_path / "folder.xlsx").mkdir()
    outcome = bairi("convert", SMALL, tmp_path / name)
    assert outcome.code == 2
    assert f"写不了{tmp_path / name}" in outcome.said


def test_mistakes_of_a_scheme_file_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("id: own\nzh: 自定\nweight: 5\n", encoding="utf-8")
    outcome = bairi("score", SMALL, *DAY, "--scheme", tmp_path / "own.yaml")
    assert outcome.code == 2
    assert outcome.err.startswith("方案有误：own.yaml 第 ")
    assert "own.yaml 第 3 行" in outcome.err


def test_what_is_neither_file_nor_folder_is_refused_and_waited_for_by_nobody(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        done = bairi("check", path)
        assert done.code == 2
        assert "不是文件，也不是文件夹" in done.err


def test_a_name_that_no_file_can_have_is_told() -> None:
    done = bairi("check", "a" * 300)
    assert done.code == 2
    assert "读不到台账" in done.err
