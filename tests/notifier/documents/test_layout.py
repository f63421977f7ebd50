"""The letter format of GB/T 9704-2012, §10.1, measured on printed letters, in millimetres."""

from itertools import pairwise

import pytest

from services.notifier.documents.letter import LetterDocument
from services.notifier.documents.pdf import render_pdf
from shared.paper.fonts import default_fonts
from tests.notifier.documents.letters import OFFICE, letter
from tests.shared.paper.measurements import Box, Page, pages

TOLERANCE = 0.5
POINT = 25.4 / 72
SIZE = 16 * POINT
PITCH = 15.79 * POINT
LEFT, TOP, RIGHT, BOTTOM = 28.0, 37.0, 28.0 + 156, 37.0 + 225
SEAL = 42.0
BODY = "国" * (28 * 60)


def near(length: float, tolerance: float = TOLERANCE) -> object:
    return pytest.approx(length, abs=tolerance)


def printed(document: LetterDocument) -> list[Page]:
    return pages(render_pdf(document, default_fonts()))


@pytest.fixture(scope="module")
def page() -> Page:
    (only,) = printed(letter())
    return only


@pytest.fixture(scope="module")
def long() -> list[Page]:
    return printed(letter(body=(BODY, "请尽快办理。")))


def test_the_page_is_a4(page: Page) -> None:
    assert (page.width, page.height) == (near(210), near(297))


# --- red head and foot


@pytest.mark.parametrize("office", [OFFICE, "岚县人民政府", "岚县" * 14])
def test_the_offices_name_stands_30_mm_from_the_top_in_the_middle(office: str) -> None:
    (page,) = printed(letter(office=office))
    name = page.lines[0]
    assert name.text == office
    assert name.ink.top == near(30)
    assert name.body.middle == near(105)
    assert name.body.right - name.body.left <= 156 + TOLERANCE
    assert page.bars[0].top == near(name.ink.bottom + 4)


def test_both_rules_are_170_mm_wide_in_the_middle(page: Page) -> None:
    assert len(page.bars) == 4
    for bar in page.bars:
        assert bar.right - bar.left == near(170)
        assert bar.middle == near(105)


def test_the_upper_rule_is_thick_above_thin_and_the_lower_thin_above_thick(page: Page) -> None:
    heights = [bar.bottom - bar.top for bar in page.bars]
    assert heights[0] > 2 * heights[1]
    assert heights[3] > 2 * heights[2]
    for above, below in (page.bars[:2], page.bars[2:]):
        assert 0 < below.top - above.bottom < 1


def test_the_lower_rule_is_20_mm_above_the_pages_bottom(page: Page) -> None:
    assert 297 - page.bars[3].bottom == near(20)


def test_the_number_is_flush_right_under_the_first_rule(page: Page) -> None:
    number = page.line("岚重办督")
    assert number.text == "岚重办督〔2022〕3号"
    assert number.body.right == near(RIGHT)
    assert number.body.top - page.bars[1].bottom == near(SIZE * 7 / 8)


# --- title and addressee


def test_the_title_is_two_lines_below_the_number(page: Page) -> None:
    number, title = page.line("岚重办督"), page.line("关于普明镇")
    two_lines = 2 * (SIZE + 13.6 * POINT) + 13.6 * POINT
    assert title.body.top - number.body.bottom == near(two_lines)


def test_without_a_number_the_title_stays_where_it_is(page: Page) -> None:
    (draft,) = printed(letter(number=None))
    assert draft.line("关于普明镇").body.top == near(page.line("关于普明镇").body.top, 0.01)
    assert "号" not in draft.lines[1].text


def test_a_title_of_60_characters_is_balanced_in_the_middle() -> None:
    title = (
        "关于岚县经济开发区年产30万吨新型绿色建筑材料生产线及配套物流仓储基地"
        "基础设施和公用工程建设项目投资进度滞后的黄牌警示函"
    )
    assert len(title) == 60
    page = printed(letter(title=title))[0]
    lines = page.lines[2 : page.index("普明镇人民政府")]
    assert "".join(line.text for line in lines) == title
    assert len(lines) in (3, 4)
    assert all(line.ink.middle == near((LEFT + RIGHT) / 2, 1) for line in lines)
    widths = [line.ink.right - line.ink.left for line in lines]
    assert max(widths) <= 156
    assert min(widths) > 0.7 * max(widths)


def test_the_addressee_is_flush_left_with_a_full_width_colon(page: Page) -> None:
    addressee = page.line("普明镇人民政府")
    assert addressee.text == "普明镇人民政府："
    assert addressee.body.left == near(LEFT)


# --- body


def test_a_page_holds_22_lines_of_28_characters(long: list[Page]) -> None:
    rows = [line for line in long[1].lines if set(line.text) == {"国"}]
    assert [len(row.characters) for row in rows] == [28] * 22
    assert rows[0].body.top == near(TOP)
    assert rows[-1].body.bottom == near(BOTTOM)
    for row in rows:
        assert (row.body.left, row.body.right) == (near(LEFT), near(RIGHT))


def test_characters_are_15_79_points_apart_and_lines_equally(long: list[Page]) -> None:
    rows = [line for line in long[1].lines if set(line.text) == {"国"}]
    for left, right in pairwise(rows[0].characters):
        assert right.body.left - left.body.left == near(PITCH, 0.02)
    for above, below in pairwise(rows):
        assert below.body.top - above.body.top == near((225 - SIZE) / 21, 0.05)


def test_the_first_line_of_a_paragraph_is_two_characters_in(long: list[Page]) -> None:
    first = next(line for line in long[0].lines if set(line.text) == {"国"})
    assert len(first.characters) == 26
    assert first.body.left == near(LEFT + 2 * PITCH)


def test_digits_stand_beside_chinese_without_a_gap() -> None:
    (page,) = printed(letter(body=("计划于2022年开工",)))
    row = page.line("计划于")
    for left, right in pairwise(row.characters):
        assert right.body.left - left.body.right == near(0, 0.15)


# --- signature, seal, copies, pages


def seal(page: Page) -> Box:
    """Where a seal goes: over name and date, its centre half a line above their middle."""
    name, date = page.lines[-3], page.lines[-2]
    assert (name.text, date.text) == (OFFICE, "2022年9月5日")
    centre = (name.body.top + date.body.bottom) / 2 - SIZE
    half = SEAL / 2
    return Box(date.ink.middle - half, centre - half, date.ink.middle + half, centre + half)


def test_the_office_is_centred_over_the_date_and_inside_the_area(page: Page) -> None:
    name, date = page.lines[-3], page.lines[-2]
    assert date.text == "2022年9月5日"
    assert name.body.middle == near(date.body.middle)
    assert name.body.right <= RIGHT + 0.1


def test_the_date_of_a_short_office_ends_four_characters_from_the_right() -> None:
    (page,) = printed(letter(signed_by="县重点办"))
    assert page.line("2022年9月5日").body.right == near(RIGHT - 4 * PITCH)


def test_a_seal_has_room_and_starts_within_a_line_of_the_body(page: Page) -> None:
    room, last = seal(page), page.line("请于2022年9月8日前")
    assert 0 < room.top - last.body.bottom < SIZE + 13.6 * POINT
    assert room.right < page.width
    assert all(line.ink.top > room.bottom for line in page.lines if line.text.startswith("抄送"))


def test_copies_stand_above_the_lower_rule_of_a_single_page(page: Page) -> None:
    copies = page.line("抄送：")
    assert copies.text == "抄送：县委常委、常务副县长，县纪委监委。"
    assert copies.body.left == near(LEFT + 14 * POINT)
    assert page.bars[2].top - copies.body.bottom == near(SIZE * 7 / 8)


def test_copies_stand_at_the_foot_of_the_last_pages_area(long: list[Page]) -> None:
    assert long[-1].line("抄送：").body.bottom == near(BOTTOM)
    assert all("抄送" not in line.text for page in long[:-1] for line in page.lines)


@pytest.mark.parametrize("copies", [(), ("县纪委监委",)])
def test_one_page_is_used_down_to_the_lower_rule_and_several_keep_to_the_area(
    copies: tuple[str, ...],
) -> None:
    lowest = []
    for lines in range(1, 14):
        body = ("国" * (28 * lines - 2), "请尽快办理。")
        first, *others = printed(letter(body=body, copies=copies))
        text = first.lines[-1].body.bottom
        assert text <= (BOTTOM if others else first.bars[2].top - SIZE * 7 / 8) + 0.1
        if not others:
            lowest.append(text)
            above, below = first.line("请尽快办理。").body.bottom, first.bars[2].top
            assert below - above > SEAL
    assert max(lowest) > BOTTOM
    assert 1 < len(lowest) < 13


def test_the_last_paragraph_is_as_wide_as_the_others() -> None:
    (page,) = printed(letter(body=("国" * 60, "家" * 60)))
    for row in (line for line in page.lines if set(line.text) in ({"国"}, {"家"})):
        if len(row.characters) >= 26:
            assert row.body.right == near(RIGHT, 0.2)


def test_many_copies_hang_under_the_first() -> None:
    page = printed(letter(copies=("县委办公室", *["县人民政府办公室"] * 6)))[-1]
    first = page.index("抄送：")
    start = page.lines[first].characters[3].body.left
    assert page.lines[first + 1].body.left == near(start)


def test_pages_from_the_second_on_have_a_number_at_the_outer_side(long: list[Page]) -> None:
    texts = [[line.text for line in page.lines] for page in long]
    assert len(long) >= 3
    assert not any("—" in text for text in texts[0])
    for page, number, edge in ((long[1], "—2—", "left"), (long[2], "—3—", "right")):
        (row,) = [line for line in page.lines if line.text.startswith("—")]
        assert row.text == number
        assert row.characters[0].ink.top == near(BOTTOM + 7)
        inner = {"left": LEFT + 14 * POINT, "right": RIGHT - 14 * POINT}[edge]
        assert getattr(row.body, edge) == near(inner)


def test_only_the_first_page_has_rules(long: list[Page]) -> None:
    assert [len(page.bars) for page in long] == [4, *[0] * (len(long) - 1)]


def foot(made: list[Page]) -> None:
    """The copies stand on the last page, at its foot, clear of what is above and below."""
    page, first = made[-1], len(made) == 1
    at = page.index("抄送：")
    copies = page.lines[at]
    lowest = page.bars[2].top - SIZE * 7 / 8 if first else BOTTOM
    assert copies.body.bottom == near(lowest)
    assert page.lines[at - 1].body.bottom < copies.body.top
    assert [line.text for line in page.lines[at + 1 :]] == ([] if first else [f"—{len(made)}—"])


@pytest.mark.parametrize("lines", range(1, 30))
def test_the_signature_never_stands_on_a_page_without_text(lines: int) -> None:
    made = printed(letter(body=("国" * (28 * lines - 2), "请尽快办理。")))
    texts = [line.text for line in made[-1].lines]
    assert texts.index("请尽快办理。") == texts.index("2022年9月5日") - 2
    foot(made)


@pytest.mark.parametrize("lines", [7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 20, 30, 40])
def test_a_long_last_paragraph_runs_on_and_takes_the_signature_along(lines: int) -> None:
    made = printed(letter(body=("国" * (28 * lines - 2),)))
    text = [line for page in made for line in page.lines if set(line.text) == {"国"}]
    assert sum(len(line.characters) for line in text) == 28 * lines - 2
    texts = [line.text for line in made[-1].lines]
    assert set(texts[texts.index("2022年9月5日") - 2]) == {"国"}
    foot(made)


def test_notes_stand_in_brackets_under_the_date() -> None:
    page = printed(letter(provisional=True, notes=("联系电话：0358-6721234",)))[-1]
    texts = [line.text for line in page.lines]
    after = texts[texts.index("2022年9月5日") + 1 :]
    assert after[0].startswith("（答复期限所涉年度")
    assert "（联系电话：0358-6721234）" in after
