"""`bairi bulletin`: the file that was asked for, with the figures that `bairi score` prints."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from shared.ledger.writer import write_ledger
from tests.builders import a_ledger, a_project, a_unit
from tests.cli.commands.test_own_rule_book import BOOK, ENTERED
from tests.cli.runner import COUNTY, bairi, county
from tests.scoring.documents.printed_tables import docx_tables, pages_of, xlsx_sheets

pytestmark = pytest.mark.documents
DAY = ("--as-of", "2022-12-25")
SINCE = ("--since", "2022-09-30")


def made(path: Path, *arguments: str) -> bytes:
    outcome = bairi("bulletin", COUNTY, path, *DAY, *arguments)
    assert outcome.code == 0, outcome.err
    assert str(path) in outcome.out.replace("\n", "")
    return path.read_bytes()


def test_three_formats_have_the_totals_that_score_prints(tmp_path: Path) -> None:
    document = county("score", *DAY, "--format", "json").document
    units = [(g["group"], unit) for g in document["groups"] for unit in g["units"]]
    rows = [[str(u["rank"] or "不参与"), u["name"], u["total"] or "—"] for _, u in units]

    sheet = xlsx_sheets(made(tmp_path / "b.xlsx", *SINCE))["总体排名"]
    docx = docx_tables(made(tmp_path / "b.docx", *SINCE))
    text = "".join(pages_of(made(tmp_path / "b.pdf", *SINCE)))

    assert [row[3] for row in sheet[1:]] == [
        float(u["total"]) if u["total"] else "—" for _, u in units
    ]
    assert [row[:3] for _, of in docx[: len(document["groups"])] for row in of] == rows
    for row in rows:
        assert "".join(row) in text
    assert "与2022年9月30日相比" in text


def test_the_office_and_the_entered_figures_are_in_it(tmp_path: Path) -> None:
    book, entered = tmp_path / "book.yaml", tmp_path / "entered.csv"
    book.write_text(BOOK, encoding="utf-8")
    entered.write_text(ENTERED.lstrip(), encoding="utf-8")
    given = ("--scheme", str(book), "--entered", str(entered), "--office", "某县重点项目办公室")
    text = "".join(pages_of(made(tmp_path / "b.pdf", *given, *SINCE)))
    assert text.startswith("某县重点项目办公室关于“自定办法”截至2022年12月25日排名情况的通报")
    assert "两次现场办公李四" in text


def test_the_same_ledger_gives_the_same_file(tmp_path: Path) -> None:
    for kind in ("pdf", "docx", "xlsx"):
        assert made(tmp_path / f"a.{kind}") == made(tmp_path / f"b.{kind}")


@pytest.mark.parametrize(
    ("out", "more", "said"),
    [
        ("b.txt", (), "应以.pdf、.docx、.xlsx结尾"),
        ("nowhere/b.pdf", (), "没有这个文件夹"),
        ("b.pdf", ("--since", "2022-12-25"), "--since应早于--as-of"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, out: str, more: tuple[str, ...], said: str) -> None:
    outcome = bairi("bulletin", COUNTY, tmp_path / out, *DAY, *more)
    assert outcome.code == 2
    assert said in outcome.said
    assert not (tmp_path / out).exists()


@pytest.mark.parametrize("name", ["out.xlsx", "out.docx"])
def test_names_that_look_like_formulas_are_texts(tmp_path: Path, name: str) -> None:
    formula = '=HYPERLINK("http://example.com","x")'
    facts = a_ledger(
        units=[a_unit("U1", name=formula), a_unit("U2", name="@SUM(1)")],
        projects=[a_project(unit_id="U1", name="-2+3", programs=[])],
    )
    write_ledger(facts, tmp_path / "ledger")
    out = tmp_path / name
    done = bairi("bulletin", tmp_path / "ledger", out, "--as-of", "2022-09-30")
    assert done.code == 0, done.err
    with ZipFile(out) as parts:
        contents = {part: parts.read(part).decode() for part in parts.namelist() if ".xml" in part}
    written = [part for part, text in contents.items() if "=HYPERLINK(" in text]
    assert written
    for text in contents.values():
        assert "<f>" not in text
        assert "<hyperlink" not in text
        assert "HYPERLINK" not in "".join(re.findall(r"<w:instrText.*?</w:instrText>", text))
