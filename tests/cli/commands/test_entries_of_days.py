"""Targets and marks that say their day or month: each is used where it holds, or told.

A unit with one project that goes on, so that its start rate is 1, and a rating by hand of twice
that weight. Without marks the start rate bears all of the hundred points.
"""

from pathlib import Path

import pytest

from shared.ledger.writer import write_ledger
from tests.builders import a_ledger, a_project, a_report, a_unit
from tests.cli.runner import Outcome, bairi

BOOK = """
id: own
zh: 自定办法
source: 测试
lights: yinchuan-2025
pillars:
  - id: all
    zh: 全部
    weight: 100
    metrics:
      - {id: start_rate, weight: 1, points: {rule: proportional, full_at: 1}}
      - {id: tour, weight: 2, points: {rule: proportional, full_at: 100}}
metrics:
  - {id: tour, zh: 观摩评分, en: Tour, by_hand: true, measure: marks, source: 测试}
  - {id: idle, zh: 不用的评分, en: Idle, by_hand: true, measure: marks, source: 测试}
"""
MONTHLY = """
kind,unit,metric,value,reason,day
mark,U1,tour,100,七月观摩,2022-07
打分,U1,tour,50,八月观摩,2022-08-31
mark,U1,tour,50,九月观摩,2022年9月
"""
YEARLY = "kind,unit,metric,value,reason\nmark,U1,tour,50,观摩\n"
QUARTER = ("periods", "--year", "2022", "--quarter", "3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("days")
    facts = a_ledger(
        units=[a_unit("U1", region_code="990101")],
        projects=[a_project(unit_id="U1", nature="continuing", programs=[])],
        progress=[a_report("2022-09-30", 1)],
    )
    write_ledger(facts, made / "ledger")
    (made / "book.yaml").write_text(BOOK, encoding="utf-8")
    return made


def run(folder: Path, entered: str, command: str, *arguments: str, book: str = BOOK) -> Outcome:
    file, scheme = folder / "entered.csv", folder / "book.yaml"
    file.write_text(entered.lstrip(), encoding="utf-8")
    scheme.write_text(book, encoding="utf-8")
    given = ("--scheme", scheme, "--entered", file)
    return bairi(command, folder / "ledger", *arguments, *given)


def totals(done: Outcome) -> list[str]:
    return [unit["total"] for group in done.document["groups"] for unit in group["units"]]


def test_a_quarter_takes_the_marks_of_each_of_its_months(folder: Path) -> None:
    """July 100 × (1 × 1 + 2 × 1) ÷ 3 = 100; August and September 100 × (1 + 2 × 0.5) ÷ 3 = 66.67;
    the mean of the three is 77.78. Without the marks it was 100.00.
    """
    done = run(folder, MONTHLY, *QUARTER, "--format", "json")
    (unit,) = done.document["groups"][0]["units"]
    assert unit["parts"] == {"7": "100.00", "8": "66.67", "9": "66.67"}
    assert unit["total"] == "77.78"
    assert done.document.keys().isdisjoint({"unmarked", "entries_not_used"})
    assert "录入" not in done.err


def test_marks_without_a_month_are_not_guessed_and_what_lacks_them_is_named(folder: Path) -> None:
    done = run(folder, YEARLY, *QUARTER, "--format", "json")
    table = run(folder, YEARLY, *QUARTER)
    assert totals(done) == ["100.00"]
    assert done.document["entries_not_used"] == [
        {
            "kind": "mark",
            "unit_id": "U1",
            "metric": "tour",
            "day": None,
            "code": "without_day",
            "reason": "未写明月份，未计入",
        }
    ]
    assert done.document["unmarked"] == [
        {"month": month, "metric": "tour", "units": ["U1"]} for month in (7, 8, 9)
    ]
    assert "录入的打分tour（U1，共1项）：未写明月份，未计入" in done.said
    assert "9月没有“观摩评分”（tour）的打分：U1" in table.said
    assert "总分不完整" in table.said


def test_marks_of_months_outside_the_period_and_of_days_before_its_ends_are_told(
    folder: Path,
) -> None:
    rows = "mark,U1,tour,1,x,2022-06\nmark,U1,tour,1,x,2022-07-30\nmark,U1,idle,1,x,2022-07\n"
    done = run(folder, MONTHLY + rows, *QUARTER, "--format", "json")
    assert totals(done) == ["77.78"]
    assert [(e["day"], e["code"]) for e in done.document["entries_not_used"]] == [
        ("2022-06", "other_day"),
        ("2022-07-30", "other_day"),
        ("2022-07", "not_scored"),
    ]


def test_a_day_takes_the_marks_of_its_own_and_of_its_month(folder: Path) -> None:
    def scored(day: str, entered: str = MONTHLY) -> tuple[list[str], list[tuple[str, str]]]:
        done = run(folder, entered, "score", "--as-of", day, "--format", "json")
        unused = done.document.get("entries_not_used", [])
        return totals(done), [(e["day"], e["code"]) for e in unused]

    july, august, september = "2022-07", "2022-08-31", "2022-09"
    other = "other_day"
    assert scored("2022-07-15") == (["100.00"], [(august, other), (september, other)])
    assert scored("2022-08-31") == (["66.67"], [(july, other), (september, other)])
    # On 30 August there is no mark of the day, and the start rate is alone.
    assert scored("2022-08-30") == (
        ["100.00"],
        [(july, other), (august, other), (september, other)],
    )
    assert scored("2022-09-01", YEARLY) == (["66.67"], [])


def test_of_several_marks_that_hold_the_nearest_day_counts_and_the_rest_is_told(
    folder: Path,
) -> None:
    entered = (
        "kind,unit,metric,value,reason,day\n"
        "mark,U1,tour,10,x,\nmark,U1,tour,25,x,2022-09\nmark,U1,tour,50,x,2022-09-30\n"
    )
    done = run(folder, entered, "score", "--as-of", "2022-09-30", "--format", "json")
    assert totals(done) == ["66.67"]
    assert [(e["day"], e["code"]) for e in done.document["entries_not_used"]] == [
        (None, "superseded"),
        ("2022-09", "superseded"),
    ]


def test_a_target_holds_from_its_day_on_until_another(folder: Path) -> None:
    """1 ÷ 1.25 is 80 points in July, 1 ÷ 2 is 50 from August on: the mean is 60."""
    book = BOOK.replace("full_at: 1}", "full_at: target}")
    entered = (
        "kind,unit,metric,value,day\ntarget,U1,start_rate,1.25,\n"
        "target,U1,start_rate,2,2022-08\ntarget,U1,start_rate,4,2022-10-01\n"
    )
    done = run(folder, entered, *QUARTER, "--format", "json", book=book)
    assert totals(done) == ["60.00"]
    assert [e["day"] for e in done.document["entries_not_used"]] == ["2022-10-01"]
    assert "自 2022-10-01 起有效，未用" in done.err


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("score", ()),
        ("counties", ()),
        ("explain", ("--unit", "U1")),
        ("sensitivity", ()),
        ("what-if", ("--set", "pillars.all.weight=90")),
    ],
)
def test_every_command_with_entries_tells_what_it_did_not_use(
    folder: Path, command: str, arguments: tuple[str, ...]
) -> None:
    entered = MONTHLY.replace("U1", "990101") if command == "counties" else MONTHLY
    asked = ("--as-of", "2022-09-30", *arguments)
    done = run(folder, entered, command, *asked, "--format", "json")
    table = run(folder, entered, command, *asked)
    assert [e["day"] for e in done.document["entries_not_used"]] == ["2022-07", "2022-08-31"]
    for said in (done.err, table.err):
        assert "是 2022-07 的打分，未计入" in said


def test_a_bulletin_compares_each_day_with_its_own_marks(folder: Path) -> None:
    out = folder / "bulletin.xlsx"
    days = ("--as-of", "2022-09-30", "--since", "2022-08-31")
    done = run(folder, MONTHLY, "bulletin", str(out), *days)
    assert done.code == 0, done.err
    assert "2022-07 的打分" in done.err
    assert "2022-08" not in done.err


def test_a_day_that_is_none_is_told_with_its_place(folder: Path) -> None:
    entered = "kind,unit,metric,value,reason,day\nmark,U1,tour,1,x,2022.1\n"
    done = run(folder, entered, *QUARTER)
    assert done.code == 2
    assert "第 2 行第 6 列 day：应为日期或月份，如 2022-09-30、2022-09" in done.err
