"""A printed letter, measured: where its characters and rules stand, in mm from the top left."""

from collections.abc import Iterator
from ctypes import byref, c_double
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pypdfium2
from pypdfium2.raw import (
    FPDF_PAGEOBJ_PATH,
    FPDFText_GetCharOrigin,
)

MM = 25.4 / 72


@dataclass(frozen=True)
class Box:
    """A rectangle on the page; of a character, its ink or its whole body."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Character:
    """One printed character."""

    text: str
    ink: Box
    body: Box
    baseline: float


@dataclass(frozen=True)
class Line:
    """Characters on one baseline, from left to right."""

    characters: list[Character]

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @cached_property
    def ink(self) -> Box:
        return around([character.ink for character in self.characters])

    @cached_property
    def body(self) -> Box:
        return around([character.body for character in self.characters])


@dataclass(frozen=True)
class Page:
    """One page: its size, its lines from the top down, its filled rectangles."""

    width: float
    height: float
    lines: list[Line]
    bars: list[Box]

    def line(self, start: str) -> Line:
        """The only line that starts so."""
        (found,) = [line for line in self.lines if line.text.startswith(start)]
        return found

    def index(self, start: str) -> int:
        return self.lines.index(self.line(start))


def pages(pdf: bytes) -> list[Page]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [measured(page) for page in document]
    finally:
        document.close()


def measured(page: Any) -> Page:
    height = page.get_height()

    def box(left: float, bottom: float, right: float, top: float) -> Box:
        return Box(left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)

    def characters() -> Iterator[Character]:
        text = page.get_textpage()
        across, up = c_double(), c_double()
        for at in range(text.count_chars()):
            letter = text.get_text_range(at, 1)
            if letter.strip():
                FPDFText_GetCharOrigin(text, at, byref(across), byref(up))
                loose = box(*text.get_charbox(at, loose=True))
                baseline = round((height - up.value) * MM, 1)
                yield Character(letter, box(*text.get_charbox(at)), loose, baseline)

    found = sorted(characters(), key=lambda each: (each.baseline, each.body.left))
    lines = [Line(list(row)) for _, row in groupby(found, key=lambda each: each.baseline)]
    bars = [
        box(*each.get_bounds()) for each in page.get_objects() if each.type == FPDF_PAGEOBJ_PATH
    ]
    bars.sort(key=lambda bar: bar.top)
    return Page(page.get_width() * MM, height * MM, lines, bars)


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
