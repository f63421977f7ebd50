"""Letters as PDF: one typst compiler, used again for every letter, and the texts as its data."""

import json
import re
from dataclasses import asdict
from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from services.notifier.documents.fonts import Fonts
from services.notifier.documents.letter import LetterDocument, day
from services.notifier.documents.titles import title_lines
from shared.problems import Problem

TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"
# PDF/A-2u is what archives keep; in it typst refuses a glyph that no font has.
ARCHIVAL: Final = "a-2u"
MISSING = re.compile(r'the text `"(.*)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
CHINA = timezone(timedelta(hours=8))
NOON = time(12)  # the same civil date in Greenwich, where PDF tells it
UNBROKEN = re.compile(r"[!-~]{28,}")  # addresses and codes that may be longer than a line
BREAK_HERE = "\u200b"


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
    """A compiler with the fonts loaded; one letter at a time."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        loaded = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[fonts.folder],
        )
        asked = {family for families in asdict(fonts.printed).values() for family in families}
        if absent := sorted(asked - set(loaded.families())):
            names = "、".join(absent)
            raise UnfitFonts(
                f"字体目录 {fonts.folder} 中没有 {names}",
                en=f"No {', '.join(absent)} in the font folder {fonts.folder}",
            )
        self.compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=loaded)
        self.lock = Lock()

    def print(self, document: LetterDocument) -> bytes:
        data = json.dumps(printed(document, self.fonts), ensure_ascii=False)
        try:
            with self.lock:
                made = self.compiler.compile(
                    format="pdf",
                    sys_inputs={"letter": data},
                    pdf_standards=ARCHIVAL,
                    timestamp=datetime.combine(document.signed_on, NOON, CHINA),
                )
        except typst.TypstError as error:
            raise missing_glyph(error) or error from None
        assert isinstance(made, bytes)
        return made


def render_pdf(document: LetterDocument, fonts: Fonts) -> bytes:
    """The letter as PDF/A-2u; the same bytes for the same letter. Raises `MissingGlyph`."""
    return press(fonts).print(document)


@lru_cache(maxsize=4)
def press(fonts: Fonts) -> Press:
    return Press(fonts)


def printed(document: LetterDocument, fonts: Fonts) -> dict[str, object]:
    """What the template reads: the letter's texts, its title in lines, families by role."""
    return {
        "office": document.office,
        "number": document.number or "",
        "title": document.title,
        "title_lines": title_lines(document.title),
        "addressee": document.addressee,
        "body": [breakable(paragraph) for paragraph in document.body],
        "signed_by": document.signed_by,
        "signed_on": day(document.signed_on),
        "footnotes": [breakable(note) for note in document.footnotes],
        "copy_line": document.copy_line,
        "faces": asdict(fonts.printed),
        "weight": fonts.weight,
    }


def breakable(text: str) -> str:
    return UNBROKEN.sub(lambda found: BREAK_HERE.join(found[0]), text)


def missing_glyph(error: typst.TypstError) -> MissingGlyph | None:
    """The problem behind typst's message, with the character by its code; None if another one."""
    found = MISSING.search(str(error))
    if found is None:
        return None
    text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])
    codes = " ".join(f"U+{ord(letter):04X}" for letter in text)
    return MissingGlyph(f"“{text}”（{codes}）", en=f"“{text}” ({codes})", characters=text)
