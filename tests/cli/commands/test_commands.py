"""The commands on sound ledgers and on broken ones: what they print where, and how they exit."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.schemes.scheme_files import built_in_lights, built_in_schemes
from shared.facts.tables import FACT_KINDS
from tests.cli.runner import COUNTY, SMALL, bairi, county, without_spaces
from tests.paths import ROOT
from tests.shared.ledger.sound_ledger import csv_folder

DAY = ("--as-of", "2022-12-25")
PERIOD = ("--from", "2022-09-15", "--to", "2022-12-25")
JSON = ("--format", "json")
EVERY = [
    ("check",),
    ("score", *DAY),
    ("letters", *PERIOD),
    ("explain", *DAY, "--unit", "U01"),
]
BROKEN = {
    "projects": """
        project_id,name,unit_id,nature
        P001,沙棘深加工项目,U09,new
        P001,污水处理厂二期,U02,拆除
    """
}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "broken"
    folder.mkdir()
    return csv_folder(folder, **BROKEN)


# --- every command


@pytest.mark.parametrize("arguments", EVERY, ids=lambda given: given[0])
def test_json_stands_alone_on_standard_output(arguments: tuple[str, ...]) -> None:
    outcome = county(*arguments, *JSON)
    assert outcome.code == 0
    assert isinstance(outcome.document, dict)


@pytest.mark.parametrize("arguments", EVERY[1:], ids=lambda given: given[0])
def test_remarks_on_a_ledger_go_to_standard_error(arguments: tuple[str, ...]) -> None:
    outcome = county(*arguments, *JSON)
    assert outcome.err == "台账有 73 条提醒，可用 bairi check 查看。\n"


@pytest.mark.processes
def test_a_process_prints_and_exits_as_the_commands_do() -> None:
    def run(*arguments: object) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "services.cli.main", *map(str, arguments)]
        ran = subprocess.run(command, capture_output=True, cwd=ROOT, encoding="utf-8", check=False)
        return ran.returncode, ran.stdout, ran.stderr

    sound = county("score", *DAY, *JSON)
    assert run("score", COUNTY, *DAY, *JSON) == (0, sound.out, sound.err)
    assert run("check", "nowhere") == (2, "", "没有这个文件或文件夹：nowhere\n")


@pytest.mark.parametrize("arguments", EVERY[1:], ids=lambda given: given[0])
def test_a_ledger_with_errors_is_not_computed(arguments: tuple[str, ...], broken: Path) -> None:
    outcome = bairi(arguments[0], broken, *arguments[1:], *JSON)
    assert outcome.code == 1
    assert outcome.out == ""
    assert "U09" in outcome.err
    assert outcome.err.endswith("台账有错误，未作计算。\n")


# --- check


def test_check_tells_rows_and_findings() -> None:
    document = county("check", *JSON).document
    assert [*document] == ["ledger", "rows", "errors", "warnings"]
    assert [*document["rows"]] == [table for table in FACT_KINDS if not FACT_KINDS[table].optional]
    assert (document["rows"]["projects"], document["errors"]) == (60, [])
    assert document["warnings"][0] == {
        "code": "unknown_region",
        "sheet": "units",
        "row": 2,
        "column": "region_code",
        "value": "990101",
        "expected": "行政区划代码表（GB/T 2260）中没有前六位 990101",
        "count": 1,
    }


def test_check_exits_1_on_errors_and_tells_every_one(broken: Path) -> None:
    outcome = bairi("check", broken, *JSON)
    assert outcome.code == 1
    places = [(e["sheet"], e["row"], e["column"]) for e in outcome.document["errors"]]
    assert places == [
        ("projects", 2, "unit_id"),
        ("projects", 3, "project_id"),
        ("projects", 3, "nature"),
    ]


def test_check_shows_people_a_table_that_ends_with_the_count(broken: Path) -> None:
    outcome = bairi("check", broken)
    assert outcome.code == 1
    assert "拆除" in outcome.out
    assert outcome.out.endswith("错误 3 条，提醒 0 条\n")


def test_check_shows_some_findings_of_a_kind_and_counts_the_others() -> None:
    outcome = county("check")
    assert outcome.code == 0
    assert outcome.out.count("没有前六位") == 20
    assert "同类（unknown_region）还有 52 条" in outcome.out


def test_a_folder_without_a_ledger_is_not_a_sound_one(tmp_path: Path) -> None:
    (tmp_path / "说明.txt").write_text("不是台账", encoding="utf-8")
    outcome = bairi("check", tmp_path)
    assert outcome.code == 1
    assert "项目" in outcome.out


# --- score


def test_score_has_the_published_shape() -> None:
    document = county("score", *DAY, *JSON).document
    assert [*document] == ["as_of", "scheme", "lights_preset", "groups", "lights"]
    assert document["as_of"] == "2022-12-25"
    assert (document["scheme"], document["lights_preset"]) == ("lanxian-2022", "yinchuan-2025")
    assert [group["group"] for group in document["groups"]] == ["departments", "townships", "zones"]
    unit = document["groups"][0]["units"][0]
    assert [*unit] == ["unit_id", "name", "rank", "total", "pillars", "metrics"]
    assert [*unit["pillars"]["speed"]] == ["points", "weight", "rank"]
    assert [*unit["metrics"]["start_rate"]] == ["numerator", "denominator", "points", "rank"]
    assert [*document["lights"][0]] == [
        "project_id", "overall", "axes", "completion", "time_progress", "lead", "not_reported",
    ]  # fmt: skip


def test_score_ranks_for_people_and_names_red_projects_and_readings() -> None:
    outcome = county("score", *DAY)
    assert outcome.code == 0
    shown = [
        "岚县 2022 百日大比拼　departments　截至 2022-12-25",
        "│    1 │ 发展和改革局         │  81.47 │",
        "│    — │ 教育科技局           │ 不参与 │",
        "红灯项目",
        "注：投产达效读作：投产",
    ]
    assert [text for text in shown if text not in outcome.out] == []


def test_score_takes_a_scheme_from_a_file(tmp_path: Path) -> None:
    built_in = ROOT / "services/scoring/schemes/lanxian-2022.yaml"
    own = tmp_path / "own.yaml"
    text = built_in.read_text(encoding="utf-8").replace("id: lanxian-2022", "id: our-own", 1)
    own.write_text(text, encoding="utf-8")
    document = county("score", *DAY, *JSON, "--scheme", own).document
    assert document == {**county("score", *DAY, *JSON).document, "scheme": "our-own"}


# --- letters


def test_letters_have_the_published_shape_and_order() -> None:
    document = county("letters", *PERIOD, *JSON).document
    assert [*document] == ["from", "to", "letters"]
    letters = document["letters"]
    assert [*letters[0]] == [
        "kind", "project_id", "about", "unit_id", "trigger_on", "issue_on", "due_on", "provisional",
    ]  # fmt: skip
    order = ("issue_on", "kind", "project_id", "about")
    assert letters == sorted(letters, key=lambda letter: [letter[key] for key in order])
    assert {letter["kind"] for letter in letters} == {
        "reminder", "assignment", "supervision", "yellow_card",
    }  # fmt: skip


def test_letters_are_counted_for_people() -> None:
    letters = county("letters", *PERIOD, *JSON).document["letters"]
    assert f"共 {len(letters)} 件：提醒函 " in county("letters", *PERIOD).out


def test_letters_of_a_year_not_announced_are_called_provisional(tmp_path: Path) -> None:
    milestones = """
        project_id,kind,planned_on
        P001,started,2026-12-15
    """
    ledger = csv_folder(tmp_path, milestones=milestones)
    outcome = bairi("letters", ledger, "--from", "2026-12-20", "--to", "2027-01-31")
    assert outcome.code == 0
    assert "2026-12-30 │ 交办函 │ 开工" in outcome.out
    assert "暂定：该年工作日安排尚未公布，按周一至周五计算。" in outcome.out


# --- schemes


def test_schemes_are_shown_with_their_formulas_and_sources() -> None:
    outcome, document = bairi("schemes"), bairi("schemes", *JSON).document
    assert [scheme["id"] for scheme in document["schemes"]] == [*built_in_schemes()]
    assert [preset["id"] for preset in document["lights"]] == [*built_in_lights()]
    for scheme in built_in_schemes().values():
        assert scheme.source in outcome.out
        assert [m.id for m in scheme.scored_metrics if m.id not in outcome.out] == []
    for preset in built_in_lights().values():
        assert preset.source in outcome.out


def test_one_scheme_is_shown_with_all_that_it_brings() -> None:
    book = ROOT / "tests/scoring/rule_books/month-county.yaml"
    out = without_spaces(bairi("schemes", book).out)
    for said in (
        "每1个百分点",
        "不适用按组内平均得分",
        "满分：departments100分，townships100分，zones100分",
        "总分：最高100分",
        "红黄绿灯yinchuan-2025",
        "连续第一│连续3个月前1名：流动红旗",
    ):
        assert said in out
    assert "lanxian-2022" not in out
    assert out.count("流动红旗") == 1
    document = bairi("schemes", "yanan-2017", *JSON).document
    assert (document["id"], document["pillars"][0]["id"]) == ("yanan-2017", "projects")


def test_the_catalogue_lists_what_a_scheme_may_name() -> None:
    out = bairi("schemes", "--catalogue").out
    assert [metric.id for metric in METRICS if metric.id not in out] == []
    assert [fact.id for fact in NAMED_FACTS if fact.id not in out] == []
    assert "completed_on" in out
    assert "solved_on_site" in out


def test_an_unknown_scheme_is_told() -> None:
    outcome = bairi("schemes", "lanxian")
    assert outcome.code == 2
    assert "没有内置方案或文件“lanxian”" in outcome.said


# --- convert


def as_csv(source: Path, folder: Path) -> dict[str, bytes]:
    assert bairi("convert", source, folder).code == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_ledger_comes_back_from_a_workbook_as_it_was(tmp_path: Path) -> None:
    before = as_csv(COUNTY, tmp_path / "before")
    assert bairi("convert", tmp_path / "before", tmp_path / "book.xlsx").code == 0
    assert as_csv(tmp_path / "book.xlsx", tmp_path / "after") == before
    assert [*before] != []


def test_a_converted_ledger_scores_the_same(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert bairi("convert", COUNTY, book).out == f"已写入 {book}\n"
    assert bairi("score", book, *DAY, *JSON).out == county("score", *DAY, *JSON).out


def filled_folder(path: Path) -> Path:
    path.mkdir()
    (path / "units.csv").write_text("先前的内容", encoding="utf-8")
    return path / "units.csv"


def filled_file(path: Path) -> Path:
    path.write_text("先前的内容", encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "fill"), [("out", filled_folder), ("out.xlsx", filled_file)])
def test_what_is_there_is_overwritten_only_when_asked(
    tmp_path: Path, name: str, fill: Callable[[Path], Path]
) -> None:
    out = tmp_path / name
    there = fill(out)
    refused = bairi("convert", SMALL, out)
    assert refused.code == 2
    assert f"{out}已有内容，没有改动；要覆盖请加--overwrite" in refused.said
    assert there.read_text(encoding="utf-8") == "先前的内容"
    assert bairi("convert", SMALL, out, "--overwrite").code == 0
    assert bairi("check", out).code == 0


def test_a_ledger_with_errors_is_not_converted(broken: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert bairi("convert", broken, out).code == 1
    assert not out.exists()
