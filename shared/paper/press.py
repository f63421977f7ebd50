"""Printing as PDF: one typst compiler per template, with the texts as its data."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from shared.paper.fonts import Fonts
from shared.problems import Problem

# PDF/A-2u is what archives keep; in it typst refuses a glyph that no font has.
PDF_STANDARD: Final = "a-2u"
MISSING_GLYPH_PATTERN = re.compile(r'the text `"(.*)"` could not be displayed')
ESCAPED_CHARACTER = re.compile(r"\\u\{([0-9a-f]+)\}")
CHINA_TIMEZONE = timezone(timedelta(hours=8))
NOON = time(12)  # the same civil date in Greenwich, where PDF tells it
UNBREAKABLE_RUN = re.compile(r"[!-~]{28,}")  # addresses and codes that may be longer than a line
BREAK_OPPORTUNITY = "\u200b"


class MissingGlyph(Problem):
    """字体中没有这个字

    No font has this character.
    """

    status = 422


class UnfitFonts(Problem):
    """字体设置不可用

    The configured fonts cannot be used.
    """


class Press:
    """A compiler of one template with the fonts loaded; one document at a time."""

    def __init__(self, template: Path, fonts: Fonts) -> None:
        self.name = template.stem
        loaded = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[fonts.folder],
        )
        wanted = {family for families in asdict(fonts.printed).values() for family in families}
        if absent := sorted(wanted - set(loaded.families())):
            names = "、".join(absent)
            raise UnfitFonts(
                f"字体目录 {fonts.folder} 中没有 {names}",
                en=f"No {', '.join(absent)} in the font folder {fonts.folder}",
            )
        self.compiler = typst.Compiler(template, root=template.parent, font_paths=loaded)
        self.lock = Lock()

    def print(self, texts: Mapping[str, Any], dated_on: date) -> bytes:
        """PDF/A-2u, dated on a day; the same bytes for the same texts. Raises `MissingGlyph`.

        The template finds the texts as JSON under its own name among the inputs.
        """
        data = json.dumps(texts, ensure_ascii=False)
        try:
            with self.lock:
                made = self.compiler.compile(
                    format="pdf",
                    sys_inputs={self.name: data},
                    pdf_standards=PDF_STANDARD,
                    timestamp=datetime.combine(dated_on, NOON, CHINA_TIMEZONE),
                )
        except typst.TypstError as error:
            raise parse_missing_glyph(error) or error from None
        assert isinstance(made, bytes)
        return made


@lru_cache(maxsize=8)
def get_press(template: Path, fonts: Fonts) -> Press:
    return Press(template, fonts)


def insert_break_points(text: str) -> str:
    """The text with places where what is longer than a line may be broken."""
    return UNBREAKABLE_RUN.sub(lambda found: BREAK_OPPORTUNITY.join(found[0]), text)


def parse_missing_glyph(error: typst.TypstError) -> MissingGlyph | None:
    """The problem behind typst's message, with the character by its code; None if another one."""
    found = MISSING_GLYPH_PATTERN.search(str(error))
    if found is None:
        return None
    text = ESCAPED_CHARACTER.sub(lambda code: chr(int(code[1], 16)), found[1])
    codes = " ".join(f"U+{ord(letter):04X}" for letter in text)
    return MissingGlyph(f"“{text}”（{codes}）", en=f"“{text}” ({codes})", characters=text)
