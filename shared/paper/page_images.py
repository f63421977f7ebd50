"""Pages of a PDF as pictures, for screens that show no PDF.

PDFium is not to be used by two threads at once.
"""

import io
from dataclasses import dataclass
from fractions import Fraction

import pypdfium2

RESOLUTION = 144  # dots per inch: a page of A4 has 1191 by 1684 dots
POINTS_PER_INCH = 72
MM_PER_POINT = Fraction(254, 720)
PALETTE_COLOURS = 64  # black and red letters on white, with their soft edges


@dataclass(frozen=True)
class MeasuredPage:
    """Size of a page in whole millimetres, and the text on it, line by line."""

    width_mm: int
    height_mm: int
    text: str


def measure_pages(pdf: bytes) -> list[MeasuredPage]:
    """The pages of a PDF, in their order."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [measure_page(page) for page in document]


def measure_page(page: pypdfium2.PdfPage) -> MeasuredPage:
    width, height = (round(Fraction(side) * MM_PER_POINT) for side in page.get_size())
    return MeasuredPage(width, height, page.get_textpage().get_text_bounded().replace("\r", ""))


def draw_page(pdf: bytes, page: int) -> bytes | None:
    """A page, counted from 1, as PNG; None where the PDF has no such page."""
    with pypdfium2.PdfDocument(pdf) as document:
        if page > len(document):
            return None
        bitmap = document[page - 1].render(scale=RESOLUTION / POINTS_PER_INCH)
        picture = bitmap.to_pil().convert("RGB").quantize(PALETTE_COLOURS)
        sink = io.BytesIO()
        picture.save(sink, "PNG", dpi=(RESOLUTION, RESOLUTION))
    return sink.getvalue()
