"""Letters as PDF: texts stay texts, the same letter is the same file, no glyph is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.notifier.documents.pdf import LETTER_TEMPLATE, build_pdf_context, render_pdf
from shared.paper.fonts import FontFamilies, default_fonts
from shared.paper.press import BREAK_OPPORTUNITY, MissingGlyph, Press, UnfitFonts
from tests.notifier.documents.letters import letter
from tests.shared.paper.measurements import pages

FONTS = default_fonts()


def text(pdf: bytes) -> str:
    return "".join(line.text for page in pages(pdf) for line in page.lines)


@pytest.mark.parametrize(
    "markup",
    [
        '#panic("!")',
        "#sys.version",
        "$x^2$",
        "*粗*",
        "_斜_",
        "\\#",
        "@来源",
        "=标题",
        "//注释",
        "/*注释*/",
        "<标签>",
        "`代码`",
        "~",
        "-?",
        "--",
        "'单'\"双\"",
        "[方]{花}",
        "{{letter}}",
        "&amp;",
        "https://example.org/?a=1",
    ],
)
def test_every_text_prints_as_it_is_written(markup: str) -> None:
    texts = {
        "office": f"办{markup}",
        "number": f"号{markup}",
        "title": f"题{markup}",
        "addressee": f"送{markup}",
        "body": (f"文{markup}", f"末{markup}"),
        "signed_by": f"署{markup}",
        "copies": (f"抄{markup}",),
        "notes": (f"注{markup}",),
    }
    found = text(render_pdf(letter(**texts), FONTS))
    for written in "办号题送文末署抄注":
        assert f"{written}{markup}" in found


def test_the_same_letter_is_the_same_file_whatever_was_printed_between() -> None:
    first = render_pdf(letter(), FONTS)
    render_pdf(letter(number="岚重办督〔2022〕4号", body=("另一件事项。",)), FONTS)
    assert render_pdf(letter(), FONTS) == first
    new = Press(LETTER_TEMPLATE, FONTS)
    assert new.print(build_pdf_context(letter(), FONTS), letter().signed_on) == first


def test_threads_share_a_press() -> None:
    letters = [letter(number=f"岚重办督〔2022〕{sequence}号") for sequence in range(1, 13)]
    alone = [render_pdf(each, FONTS) for each in letters]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: render_pdf(each, FONTS), letters)) == alone


def test_another_day_is_another_file() -> None:
    assert render_pdf(letter(), FONTS) != render_pdf(letter(signed_on=date(2022, 9, 6)), FONTS)


def test_the_file_is_dated_on_the_day_of_signing_and_fit_for_archives() -> None:
    made = render_pdf(letter(), FONTS)
    assert b"<xmp:CreateDate>2022-09-05T04:00:00+00:00<" in made
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U<" in made


@pytest.mark.parametrize("rare", ["㙍", "镕", "喆", "堃", "〇", "㎡", "①", "Ⅳ", "—", "·"])
def test_rare_characters_that_the_fonts_have_are_printed(rare: str) -> None:
    assert rare in text(render_pdf(letter(body=(f"张{rare}项目。",)), FONTS))


@pytest.mark.parametrize(
    ("character", "code"), [("𠮷", "U+20BB7"), ("😀", "U+1F600"), ("\ue000", "U+E000")]
)
@pytest.mark.parametrize("field", ["office", "title", "addressee", "signed_by", "number"])
def test_a_character_that_no_font_has_is_named(field: str, character: str, code: str) -> None:
    with pytest.raises(MissingGlyph, match=rf"“{character}”（{code.replace('+', '.')}）") as caught:
        render_pdf(letter(**{field: f"张{character}局"}), FONTS)
    assert caught.value.extra == {"characters": character}
    assert caught.value.code() == "missing-glyph"


def test_the_press_prints_on_after_a_missing_character() -> None:
    before = render_pdf(letter(), FONTS)
    with pytest.raises(MissingGlyph):
        render_pdf(letter(body=("𠮷",)), FONTS)
    assert render_pdf(letter(), FONTS) == before


def test_a_family_that_the_folder_lacks_is_named() -> None:
    absent = replace(FONTS, printed=replace(FONTS.printed, body=("仿宋", "Noto Serif SC")))
    with pytest.raises(UnfitFonts, match="仿宋"):
        render_pdf(letter(), absent)


def test_another_folder_is_used_when_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "sans.otf").symlink_to(FONTS.folder / "NotoSansSC-Regular.otf")
    sans = ("Noto Sans SC",)
    made = render_pdf(letter(), replace(FONTS, folder=tmp_path, printed=FontFamilies(*[sans] * 5)))
    assert b"NotoSansSC" in made
    assert b"NotoSerifSC" not in made
    with pytest.raises(UnfitFonts):
        render_pdf(letter(), replace(FONTS, folder=tmp_path))


def test_an_address_longer_than_a_line_is_broken_and_not_lost() -> None:
    address = "https://example.org/" + "a" * 120
    made = pages(render_pdf(letter(body=(f"见{address}。",)), FONTS))
    found = "".join(line.text for page in made for line in page.lines)
    assert address in found.replace(BREAK_OPPORTUNITY, "")
    assert all(line.ink.right < 185 for page in made for line in page.lines)
