"""Work of bulletins that child processes do: composed and rendered in one of three formats."""

from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.documents.docx import render_docx
from services.scoring.documents.pdf import render_pdf
from services.scoring.documents.xlsx import render_xlsx
from shared.paper.fonts import default_fonts


def print_bulletin(inputs: BulletinInput) -> bytes:
    """Raises MissingGlyph."""
    return render_pdf(compose_bulletin(inputs), default_fonts())


def edit_bulletin(inputs: BulletinInput) -> bytes:
    return render_docx(compose_bulletin(inputs), default_fonts())


def tabulate_bulletin(inputs: BulletinInput) -> bytes:
    return render_xlsx(compose_bulletin(inputs))
