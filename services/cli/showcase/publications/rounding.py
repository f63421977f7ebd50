"""A published figure as it was printed: which true values it may stand for."""

from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.figures import format_decimal

Span = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class PublishedFigure:
    """A printed number; `decimals` are its digits after the point, as printed."""

    value: Fraction
    decimals: int

    @property
    def span(self) -> Span:
        """The true values that are rounded to it: half a unit of its last digit either way."""
        half = Fraction(1, 2 * 10**self.decimals)
        return self.value - half, self.value + half

    def is_printed_from(self, value: Fraction) -> bool:
        """Whether the exact value agrees with it to the last digit, rounded half up."""
        return Fraction(format_decimal(value, self.decimals) or 0) == self.value


def parse_published_figure(text: str) -> PublishedFigure | None:
    """A cell as a figure; None where it is blank. Raises ValueError for what is no number."""
    if not text:
        return None
    return PublishedFigure(Fraction(text), len(text.partition(".")[2]))


def divide_spans(numerator: Span, denominator: Span) -> Span:
    """Where numerator ÷ denominator lies; both are positive."""
    return numerator[0] / denominator[1], numerator[1] / denominator[0]


def do_overlap(one: Span, other: Span) -> bool:
    """Whether some value is inside both; touching at an end is not enough."""
    return one[0] < other[1] and other[0] < one[1]


def format_span(span: Span, decimals: int) -> str:
    """The span for people."""
    return f"{format_decimal(span[0], decimals)}～{format_decimal(span[1], decimals)}"
