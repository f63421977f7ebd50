"""Targets and marks from files: both forms give the same, and every mistake has its place."""

from datetime import date
from fractions import Fraction as F
from pathlib import Path
from textwrap import dedent

import pytest

from services.scoring.engine.points.manual_entries import EnteredMistake, ManualEntries, ManualEntry
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.scheme_files import built_in_lights, find_scheme

YANAN = find_scheme("yanan-2017")
DAY = date(2022, 9, 30)
YAML = """
    targets:
      - {unit: U01, metric: investment_completion, value: 0.95, who: 张三}
    marks:
      - {unit: U01, metric: start_ceremonies, value: 2, reason: 3月和6月各一次, who: 李四}
      - {unit: U02, metric: criticism, value: 7.5, reason: 通报}
"""
CSV = """
    kind,unit,metric,value,reason,who
    target,U01,investment_completion,0.95,,张三
    mark,U01,start_ceremonies,2,3月和6月各一次,李四

    mark,U02,criticism,7.5,通报,
"""
CHINESE = """
    录入人,类别,单位编号,指标,数值,理由
    张三,目标,U01,investment_completion,0.95,
    李四,打分,U01,start_ceremonies,2,3月和6月各一次
    ,打分,U02,criticism,7.5,通报
"""
EXPECTED = ManualEntries(
    targets={"U01": {"investment_completion": ManualEntry(F(19, 20), "", "张三")}},
    marks={
        "U01": {"start_ceremonies": ManualEntry(F(2), "3月和6月各一次", "李四")},
        "U02": {"criticism": ManualEntry(F(15, 2), "通报", "")},
    },
)


def read(folder: Path, text: str, name: str = "entered.yaml") -> ManualEntries:
    path = folder / name
    path.write_text(dedent(text).lstrip(), encoding="utf-8")
    return read_manual_entries(path, YANAN.metrics_by_id, {"U01", "U02"}).asked_on(DAY).on(DAY)


def test_a_target_may_be_for_a_metric_that_only_the_lights_have(tmp_path: Path) -> None:
    tianjin = built_in_lights()["tianjin-2022"]
    path = tmp_path / "e.csv"
    path.write_text("kind,unit,metric,value\ntarget,U01,investment_growth_on_last_year,0.08\n")
    found = read_manual_entries(path, tianjin.metrics_by_id(YANAN.metrics_by_id), {"U01"}).on(DAY)
    assert found.target_values == {"U01": {"investment_growth_on_last_year": F(8, 100)}}


def told(folder: Path, text: str, name: str = "entered.yaml") -> list[str]:
    with pytest.raises(EnteredMistake) as mistake:
        read(folder, text, name)
    return [line.removeprefix(f"{name} ") for line in mistake.value.detail.split("\n")]


@pytest.mark.parametrize(
    ("text", "name"),
    [(YAML, "e.yaml"), (CSV, "e.csv"), (CHINESE, "e.CSV"), ("﻿" + CSV.strip(), "e.csv")],
)
def test_what_was_entered_is_read_exactly(tmp_path: Path, text: str, name: str) -> None:
    assert read(tmp_path, text, name) == EXPECTED


def test_either_part_may_be_missing(tmp_path: Path) -> None:
    assert read(tmp_path, "marks: []") == ManualEntries()
    assert read(tmp_path, "kind,unit,metric,value\n", "e.csv") == ManualEntries()


def test_every_mistake_of_a_yaml_file_has_its_place(tmp_path: Path) -> None:
    text = """
        targets:
          - {unit: U09, metric: start_rat, value: much}
          - {unit: U01, metric: start_rate, value: 1, because: x}
          - U01
        marks:
          - {unit: U01, metric: start_rate, value: 1, reason: x}
          - {unit: U01, metric: criticism, value: 1}
          - {unit: U01, metric: criticism, value: 1, reason: " "}
          - {unit: U02, metric: criticism, value: 1, reason: x}
          - {unit: U02, metric: criticism, value: 2, reason: x}
          - {unit: U02, metric: start_ceremonies, reason: x}
        grades: []
    """
    assert told(tmp_path, text) == [
        "第 2 行第 12 列 unit：台账里没有单位“U09”",
        "第 2 行第 25 列 metric：没有名为“start_rat”的指标",
        "第 2 行第 43 列 value：应为数，最多 12 位小数",
        "第 3 行第 47 列：不认识“because”",
        "第 4 行第 5 列 targets.2：应为“名称: 值”",
        "第 6 行第 25 列 metric：“start_rate”按台账计算，不能打分",
        "第 7 行第 5 列 reason：打分要写理由",
        "第 8 行第 54 列 reason：打分要写理由",
        "第 10 行第 5 列：U02 的“criticism”写了两次",
        "第 11 行第 5 列 value：应为数，最多 12 位小数",
        "第 12 行第 1 列：不认识“grades”，可用：targets、marks",
    ]


def test_every_mistake_of_a_csv_file_has_its_place(tmp_path: Path) -> None:
    text = """
        kind,unit,metric,value,reason
        aim,U01,criticism,1,x
        mark,U09,criticism,一,
    """
    assert told(tmp_path, text, "e.csv") == [
        "第 2 行第 1 列 kind：应为 target（目标）或 mark（打分）",
        "第 3 行第 2 列 unit：台账里没有单位“U09”",
        "第 3 行第 4 列 value：应为数，最多 12 位小数",
        "第 3 行第 5 列 reason：打分要写理由",
    ]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("kind,unit,metric,value,worth\n", "e.csv", "第 1 行第 5 列：表头“worth”不认识或写了两次"),
        ("", "e.csv", "第 1 行第 1 列：表头缺 kind、unit、metric、value"),
        (
            'kind,unit,metric,value\nmark,"U01',
            "e.csv",
            "第 2 行第 1 列：不合 CSV 格式（unexpected end of data）",
        ),
        ("marks: 5", "e.yaml", "第 1 行第 8 列 marks：应为若干项，每项以“- ”开头"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, text: str, name: str, expected: str) -> None:
    assert told(tmp_path, text, name)[0] == expected


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnteredMistake, match="读不到文件"):
        read_manual_entries(tmp_path / "nowhere.csv", YANAN.metrics_by_id, {"U01"})
    with pytest.raises(EnteredMistake, match="不合 YAML 语法"):
        read(tmp_path, "marks: [")
    (tmp_path / "e.csv").write_bytes("理由".encode("gb18030"))
    with pytest.raises(EnteredMistake, match="不是 UTF-8 文本"):
        read_manual_entries(tmp_path / "e.csv", YANAN.metrics_by_id, {"U01"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.1", F(1, 10)),
        ("-3", F(-3)),
        ("1000000000000000", F(10**15)),
        ("1e3", F(1000)),
        ("true", None),
        ("0x10", None),
        (".nan", None),
        ("1e400", None),
        ("1e-400", None),
        ("1000000000000001", None),
        ("0.1234567890123", None),
        ("", None),
    ],
)
def test_values_are_exact_numbers(tmp_path: Path, value: str, expected: F | None) -> None:
    text = f"kind,unit,metric,value,reason\nmark,U01,criticism,{value},x\n"
    if expected is None:
        assert "应为数" in told(tmp_path, text, "e.csv")[0]
    else:
        assert read(tmp_path, text, "e.csv").marks["U01"]["criticism"].value == expected


def test_a_mark_without_a_reason_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(EnteredMistake, match="U01 的“criticism”打分要写理由"):
        ManualEntries(marks={"U01": {"criticism": ManualEntry(F(1))}})
