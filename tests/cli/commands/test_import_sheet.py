"""bairi mapping, import and export: an office's own sheet comes in, is taken back, goes out."""

from pathlib import Path

import pytest

from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.cli.runner import Outcome, bairi
from tests.shared.mapping.made_sheets import flat_sheet, read_back, reserve_plan, write_sheet

ANSWER = ("--answer", "unit:*=new:department:部门")
JSON = ("--format", "json")


class Desk:
    """A folder with the sheets of two months, and the commands on them."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.mapping, self.ledger, self.out = folder / "M.yaml", folder / ledger, folder / "o.xlsx"
        self.september = write_sheet(folder / "9月.xlsx", flat_sheet(9))
        self.october = write_sheet(folder / "10月.xlsx", flat_sheet(10))
        assert bairi("mapping", self.september, "--out", self.mapping).code == 0

    def bring(self, file: Path, *more: str) -> Outcome:
        return bairi("import", file, "--mapping", self.mapping, "--into", self.ledger, *more)

    def undo(self) -> Outcome:
        return bairi("import", "--undo", "--into", self.ledger)

    def rows(self, table: str) -> list[dict[str, object]]:
        reading = read_ledger(self.ledger, region_codes())
        rows: list[dict[str, object]] = reading.accepted().tables[table].to_pylist()
        return rows


@pytest.fixture(params=["ledger", "ledger.xlsx"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(tmp_path, request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "ledger")


def test_a_mapping_is_suggested_with_what_it_asks(folder: Desk) -> None:
    told = bairi("mapping", folder.september)
    assert told.code == 0
    assert "11列，有把握的11列；要问的3件" in told.said
    assert "unit:住建局=new:department:县直部门" in told.said
    document = bairi("mapping", folder.september, *JSON).document
    assert [each["is_sure"] for each in document["columns"]] == [True] * 11
    assert document["questions"][0]["key"] == "unit:住建局"
    assert document["mapping"] == folder.mapping.read_text(encoding="utf-8")


def test_nothing_is_written_while_a_question_is_open(folder: Desk) -> None:
    refused = folder.bring(folder.september, "--yes")
    assert refused.code == 1
    assert "还有3件要问，没有写入" in refused.said
    assert not folder.ledger.exists()


def test_a_preview_writes_nothing_but_the_answers(folder: Desk) -> None:
    before = folder.mapping.read_text(encoding="utf-8")
    shown = folder.bring(folder.september, *ANSWER)
    assert shown.code == 0
    assert "新增项目：东区学校（P001）、城北水厂（P002）、滨河公路（P003）" in shown.said
    assert not folder.ledger.exists()
    after = folder.mapping.read_text(encoding="utf-8")
    assert after.startswith(before[: before.index("sheets:")])
    assert "住建局: new:department:部门" in after


def test_applied_it_can_be_scored_and_the_next_month_asks_nothing(desk: Desk) -> None:
    assert desk.bring(desk.september, *ANSWER, "--yes").code == 0
    assert bairi("check", desk.ledger).code == 0
    scored = bairi("score", desk.ledger, "--as-of", "2022-09-30", *JSON)
    assert [unit["rank"] for unit in scored.document["groups"][0]["units"]] == [1, 2, 3]
    document = desk.bring(desk.october, "--yes", *JSON).document
    assert (document["questions"], document["applied"]) == ([], True)
    changes = {c["table"]: c for c in document["changes"]}
    assert len(changes.pop("progress")["new"]) == 3
    assert [(c["new"], c["changed"]) for c in changes.values()] == [([], [])] * len(changes)
    assert len(desk.rows("progress")) == 6


def test_a_correction_is_shown_old_and_new(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    sheet = flat_sheet()
    sheet.rows[5][6] = 4_600
    write_sheet(folder.september, sheet)
    shown = folder.bring(folder.september)
    assert (
        "东区学校（P001）2022-09-30│本年完成投资│4,500万元│4,600万元".replace("│", "") in shown.said
    )


def test_undone_the_ledger_is_byte_for_byte_the_one_before(desk: Desk) -> None:
    desk.bring(desk.september, *ANSWER, "--yes")
    before = contents(desk.ledger)
    desk.bring(desk.october, "--yes")
    assert contents(desk.ledger) != before
    assert desk.undo().code == 0
    assert contents(desk.ledger) == before
    assert desk.undo().code == 1


def test_undone_what_was_written_meanwhile_stays(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    folder.bring(folder.october, "--yes")
    pauses = folder.ledger / "pauses.csv"
    pauses.write_text(pauses.read_text() + "P001,2022-11-01,,冬休,true\n", encoding="utf-8")
    assert folder.undo().code == 0
    assert len(folder.rows("progress")) == 3
    assert [row["project_id"] for row in folder.rows("pauses")] == ["P001"]


def test_undo_is_refused_where_what_came_in_was_changed_since(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    progress = folder.ledger / "progress.csv"
    text = progress.read_text(encoding="utf-8")
    progress.write_text(text.replace("45000000", "46000000"), encoding="utf-8")
    refused = folder.undo()
    assert refused.code == 1
    assert "进度：东区学校（P001）2022-09-30" in refused.said
    assert "46000000" in progress.read_text(encoding="utf-8")


def test_other_files_in_the_folder_of_a_ledger_stay(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    (folder.ledger / "说明.txt").write_text("一", encoding="utf-8")
    folder.bring(folder.october, "--yes")
    assert (folder.ledger / "说明.txt").read_text(encoding="utf-8") == "一"


def test_what_a_ledger_has_beside_its_tables_is_told_before_it_goes(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    units = folder.ledger / "units.csv"
    lines = units.read_text(encoding="utf-8").splitlines()
    added = "\n".join(line + (",电话" if i == 0 else ",1") for i, line in enumerate(lines))
    units.write_text(added + "\n", encoding="utf-8")
    told = folder.bring(folder.october, "--yes")
    assert told.code == 0
    assert "电话" in told.err
    assert "原来的台账留在" in told.err
    folder.undo()
    assert units.read_text(encoding="utf-8") == added + "\n"


def test_the_export_has_the_offices_layout_and_changes_nothing_when_read(folder: Desk) -> None:
    folder.bring(folder.september, *ANSWER, "--yes")
    folder.bring(folder.october, "--yes")
    export = ("--mapping", folder.mapping, "--from", folder.ledger, "--as-of", "2022-10-31")
    assert bairi("export", folder.out, *export).code == 0
    (back,) = read_back(folder.out)
    assert back.rows[0][0] == "XX县2022年重点项目建设进展情况台账（截至10月31日）"
    assert back.rows[3][6] == 15_500.0
    document = folder.bring(folder.out, *JSON).document
    assert [(c["new"], c["changed"]) for c in document["changes"]] == [([], [])] * 5
    assert bairi("export", folder.out, *export).code == 2


def test_a_wrong_mapping_is_told_by_line(folder: Desk) -> None:
    text = folder.mapping.read_text(encoding="utf-8")
    folder.mapping.write_text(text.replace("to: projects.name", "too: x"), encoding="utf-8")
    told = folder.bring(folder.september)
    assert told.code == 2
    assert "不认识“too”，是不是“to”？" in told.said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "--into", "nowhere"), "要写明FILE和--mapping"),
        (("import", "--undo", "--into", "nowhere"), "没有可以撤回的导入"),
        (("import", "nowhere.xlsx", "--mapping", "M", "--into", "x"), "没有这个文件"),
        (("mapping", "nowhere.xlsx"), "没有这个文件"),
        (("import", "x", "--mapping", "M", "--into", "pyproject.toml"), "应是文件夹或.xlsx"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str) -> None:
    outcome = bairi(*arguments)
    assert outcome.code in (1, 2)
    assert told in outcome.said


def test_a_sheet_without_a_header_is_told(tmp_path: Path) -> None:
    sheet = flat_sheet()
    del sheet.rows[2]
    told = bairi("mapping", write_sheet(tmp_path / "x.xlsx", sheet))
    assert told.code == 1
    assert "没有找到表头" in told.said


def test_answers_of_a_question_are_given_by_its_key(tmp_path: Path) -> None:
    plan, mapping = write_sheet(tmp_path / "plan.xlsx", reserve_plan()), tmp_path / "M.yaml"
    bairi("mapping", plan, "--out", mapping)
    assert "header: 计划开工月份\n    to: ask" in mapping.read_text(encoding="utf-8")
    start = "column:储备计划:计划开工月份=milestones.planned_on;kind=started;year=title"
    into = ("--mapping", mapping, "--into", tmp_path / "ledger")
    assert bairi("import", plan, *into, "--answer", start, *ANSWER, "--yes").code == 0
    assert "kind: started\n    year: title" in mapping.read_text(encoding="utf-8")


def contents(path: Path) -> dict[str, bytes]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def test_an_answer_that_does_not_fit_is_told_and_nothing_is_written(folder: Desk) -> None:
    refused = folder.bring(folder.september, "--answer", "unit:住建局=U99", "--yes")
    assert refused.code == 1
    assert "答得不对：unit:住建局=U99，应为单位的编号或名称" in refused.said
    assert not folder.ledger.exists()


def test_an_answer_to_what_nobody_asks_is_wrong_usage(folder: Desk) -> None:
    refused = folder.bring(folder.september, "--answer", "units:住建局=U01")
    assert refused.code == 2
    assert "没有“units:住建局”这一问" in refused.said
