"""A published figure as it was printed: which true values it may stand for."""

from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.figures import printed

Span = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Figure:
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
        return Fraction(printed(value, self.decimals) or 0) == self.value


def figure(text: str) -> Figure | None:
    """A cell as a figure; None where it is blank. Raises ValueError for what is no number."""
    if not text:
        return None
    return Figure(Fraction(text), len(text.partition(".")[2]))


def quotient(numerator: Span, denominator: Span) -> Span:
    """Where numerator ÷ denominator lies; both are positive."""
    return numerator[0] / denominator[1], numerator[1] / denominator[0]


def overlap(one: Span, other: Span) -> bool:
    """Whether some value is inside both; touching at an end is not enough."""
    return one[0] < other[1] and other[0] < one[1]


def between(span: Span, decimals: int) -> str:
    """The span for people."""
    return f"{printed(span[0], decimals)}～{printed(span[1], decimals)}"
