"""Letters as DOCX, laid out by LibreOffice: the same blocks in the same places as in the PDF."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from services.notifier.documents.docx import render_docx
from services.notifier.documents.pdf import render_pdf
from shared.paper.fonts import default_fonts
from tests.notifier.documents.letters import OFFICE, letter
from tests.shared.paper.libreoffice import SOFFICE, converted
from tests.shared.paper.measurements import Page, pages

FONTS = default_fonts()
LEFT, TOP, RIGHT, BOTTOM = 28.0, 37.0, 28.0 + 156, 37.0 + 225
CHARACTER = 156 / 28
PAGE_NUMBER = re.compile(r"—\d+—")

STATE = (
    "你单位负责的普明镇高标准农田建设项目，截至2022年8月31日，年度计划投资完成率为31.21%，"
    "序时进度为66.67%，落后序时进度35.46个百分点，投资进度为红灯。"
)
ANSWER = "请于2022年9月8日前（含当日）报送书面办理情况。"
LETTERS = {
    "one": letter(body=(STATE, ANSWER)),
    "two": letter(
        body=(*[STATE] * 4, ANSWER),
        copies=("县委常委、常务副县长", "县委办公室", "县人民政府办公室", "县财政局"),
        notes=("联系人：张堃；联系电话：0358-6721234",),
        provisional=True,
    ),
    "three": letter(body=[STATE * 4] * 4),
    "title": letter(
        title="关于岚县经济开发区年产30万吨新型绿色建筑材料生产线及配套物流仓储基地"
        "基础设施和公用工程建设项目投资进度滞后的黄牌警示函"
    ),
    "rare": letter(body=("张㙍、李镕、王喆〇、赵堃：5G·AI智算中心12.5MW光伏①—Ⅳ期㎡。", ANSWER)),
}

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")


@dataclass(frozen=True)
class Pair:
    """A letter on paper twice: by LibreOffice from the DOCX, and as PDF."""

    edited: list[Page]
    printed: list[Page]
    file: bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every letter as `<name>.pdf`, converted in one go."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, document in LETTERS.items():
        (folder / f"{name}.docx").write_bytes(render_docx(document, FONTS))
    converted(sorted(folder.glob("*.docx")), FONTS)
    return folder


@pytest.fixture(params=LETTERS)
def pair(request: pytest.FixtureRequest, folder: Path) -> Pair:
    return pair_of(folder, request.param)


def pair_of(folder: Path, name: str) -> Pair:
    made = (folder / f"{name}.pdf").read_bytes()
    return Pair(pages(made), pages(render_pdf(LETTERS[name], FONTS)), made)


def near(length: float, tolerance: float = 1.0) -> object:
    return pytest.approx(length, abs=tolerance)


def texts(made: list[Page]) -> str:
    """All that stands on the pages in order, without the page numbers."""
    lines = [line.text for page in made for line in page.lines]
    return "".join(line for line in lines if not PAGE_NUMBER.fullmatch(line))


def test_the_same_texts_stand_in_the_same_order_on_as_many_pages(pair: Pair) -> None:
    assert texts(pair.edited) == texts(pair.printed)
    assert len(pair.edited) == len(pair.printed)
    numbers = [[line.text for line in page.lines if "—" in line.text[:1]] for page in pair.edited]
    assert numbers == [[], *[[f"—{n}—"] for n in range(2, len(pair.edited) + 1)]]


def test_there_are_as_many_pages_as_the_letters_ask_for(folder: Path) -> None:
    asked = {"one": 1, "two": 2, "three": 3, "title": 1, "rare": 1}
    assert {name: len(pair_of(folder, name).edited) for name in LETTERS} == asked


def test_it_is_set_in_the_fonts_of_the_pdf(pair: Pair) -> None:
    assert b"NotoSerifSC" in pair.file
    assert set(re.findall(rb"/BaseFont/\w+\+(\w+)", pair.file)) <= {b"NotoSerifSC", b"NotoSansSC"}


def test_text_keeps_to_the_area_of_the_standard(pair: Pair) -> None:
    for number, page in enumerate(pair.edited):
        assert (page.width, page.height) == (near(210, 0.1), near(297, 0.1))
        for line in page.lines[1 if number == 0 else 0 :]:
            assert line.ink.left > LEFT - 0.5
            assert line.ink.right < RIGHT + CHARACTER / 2  # a stop may hang
            if not PAGE_NUMBER.fullmatch(line.text):
                assert TOP < line.ink.top < line.ink.bottom < BOTTOM + 0.5


def test_no_figure_is_broken_at_a_lines_end(pair: Pair) -> None:
    for page in pair.edited:
        for above, below in pairwise(page.lines):
            assert not (above.text[-1].isdigit() and below.text[0].isdigit()), above.text


@pytest.mark.parametrize("name", LETTERS)
def test_head_and_title_stand_where_the_pdf_has_them(name: str, folder: Path) -> None:
    document, pair = LETTERS[name], pair_of(folder, name)
    edited, printed = pair.edited[0], pair.printed[0]
    assert document.number is not None
    for start in (OFFICE, document.number, f"{document.addressee}："):
        ours, theirs = first(edited, start), first(printed, start)
        assert edited.lines[ours].ink.top == near(printed.lines[theirs].ink.top, 1.2)
    number, title = first(edited, document.number), first(edited, "关于")
    assert title == number + 1
    assert edited.lines[number].ink.right == near(RIGHT)
    for above, below in zip(
        edited.lines[title : first(edited, document.addressee)],
        printed.lines[first(printed, "关于") : first(printed, document.addressee)],
        strict=True,
    ):
        assert above.text == below.text
        assert above.ink.top == near(below.ink.top)
        assert above.ink.middle == near((LEFT + RIGHT) / 2)


def first(page: Page, start: str) -> int:
    return next(at for at, line in enumerate(page.lines) if line.text.startswith(start))


def test_rules_body_and_signature_stand_where_the_pdf_has_them(pair: Pair) -> None:
    """Rules are strokes there, measured with their ends, each twice: hence the tolerance."""
    page, last = pair.edited[0], pair.edited[-1]
    assert page.bars[0].right - page.bars[0].left == near(170, 2)
    assert page.bars[0].top == near(pair.printed[0].bars[0].top)
    assert 297 - page.bars[-1].bottom == near(20)
    assert not any(other.bars for other in pair.edited[1:])
    body = page.lines[first(page, "普明镇人民政府：") + 1]
    assert body.body.left == near(LEFT + 2 * CHARACTER, 0.5)
    date = last.line("2022年9月5")
    name = last.lines[last.lines.index(date) - 1]
    assert name.text == OFFICE
    assert name.ink.middle == near(date.ink.middle, 3)  # LibreOffice spaces figures: 9 月 5 日
    assert name.ink.right == near(RIGHT)
