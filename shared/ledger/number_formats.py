"""Number formats that show another thing than the number: percentages, texts, months."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from shared.ledger.format_sections import (
    FORMAT_MARKS,
    PLAIN,
    UNSURE,
    FormatSection,
    parse_section,
    split_sections,
)
from shared.ledger.sheets import FailedCell

# By number, without a code of their own; those of months are of a Chinese Excel.
BUILT_IN_FORMATS: Mapping[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-mm"),
}
MAX_FORMAT_LENGTH = 255  # as Excel has it
MAX_SERIAL = 2_900_000  # of a day before the year 10000, in each way of counting
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]{1,20})\]")
COMPARISONS = {"<": lt, ">": gt, "=": eq, "<=": le, ">=": ge, "<>": ne}
DASHES = "-—–－ "
NO_DASH = str.maketrans("", "", DASHES + "()（）+")
COLOUR = re.compile(r"\[(?!\$|DBNum|[<>=])[^\]]+\]", re.IGNORECASE)
Condition = tuple[str, Decimal]
BELOW_ZERO, FROM_ZERO = ("<", Decimal(0)), (">=", Decimal(0))
EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


class NumberFormat(NamedTuple):
    """How a number is shown: by the first section whose condition holds."""

    sections: tuple[FormatSection, ...]
    conditions: tuple[Condition | None, ...]
    from_1904: bool = False

    def show(self, number: float) -> str | FailedCell | None:
        """The text a person sees, with every digit; None where the number itself is seen.

        A number that is seen as another one, or in a way that is not sure, is a failed cell.
        """
        value = Decimal(f"{number:.15g}")
        index = self.choose_section(value)
        if index is None:
            return fail_format(value)
        section = self.sections[index]
        if section.kind == "plain":
            return None
        if section.kind == "date":
            return show_month(section, number, self.from_1904)
        if section.kind == "percent":
            return show_percent(number)
        if section.kind == "unsure":
            return fail_format(value) if value or section.is_foreign else None
        if not section.digits or (value == 0 and "0" not in "".join(section.digits)):
            return show_text(section, value)
        return show_digits(section, value)

    def choose_section(self, value: Decimal) -> int | None:
        for index, condition in enumerate(self.conditions):
            if condition is None or COMPARISONS[condition[0]](value, condition[1]):
                return index
        return None

    def show_day(self, day: date) -> str | None:
        """The year and month of a day, where only they are seen."""
        parts = self.sections[0].date_parts
        return cut_day(day, parts) if parts else None

    def is_plain(self) -> bool:
        return all(section.kind == "plain" for section in self.sections)


@lru_cache(maxsize=1000)
def parse_number_format(code: str) -> NumberFormat | None:
    """The format that a code stands for, if it shows another thing than the number."""
    codes = split_sections(code[:MAX_FORMAT_LENGTH])
    if len(codes) > 1 and (len(codes) > 3 or "@" in FORMAT_MARKS.sub("", codes[-1])):
        codes = codes[: min(3, len(codes) - 1)]  # the last one is of texts
    found = [CONDITION.search(section) for section in codes]
    conditions = [(c[1], Decimal(c[2])) if c and is_number(c[2]) else None for c in found]
    sections = [parse_section(section) for section in codes]
    above = FROM_ZERO if len(codes) == 2 else (">", Decimal(0))
    if len(codes) == 1:
        conditions[0] = None
    elif conditions[0] in (None, above):
        conditions[0] = above
        if conditions[1] in (None, BELOW_ZERO):
            conditions[1] = BELOW_ZERO
            sections[1] = judge_negative(sections[1], bool(COLOUR.search(codes[1])))
            if len(codes) > 2 and not "".join(sections[2].texts).strip(DASHES):
                sections[2] = judge_zero(sections[2])
    elif len(codes) > 2 and conditions[1] is None:
        conditions[1] = BELOW_ZERO
    number_format = NumberFormat(tuple(sections), tuple(conditions))
    return None if number_format.is_plain() else number_format


def judge_negative(section: FormatSection, has_colour: bool) -> FormatSection:
    """The section of negative numbers, whose minus is written in it, or is a colour."""
    if section.kind == "plain":
        return section if has_colour else UNSURE
    texts = tuple(text.translate(NO_DASH) for text in section.texts)
    if section.kind != "text" or not section.digits or any(texts):
        return section
    return section if any(places.count("0") > 1 for places in section.digits) else PLAIN


def judge_zero(section: FormatSection) -> FormatSection:
    """The section of 0, for which a dash or nothing is usual."""
    return PLAIN if section.kind == "text" and "0" not in "".join(section.digits) else section


def is_number(text: str) -> bool:
    return text.count(".") <= 1 and any(character.isdecimal() for character in text)


def find_built_in_format(number: int) -> NumberFormat | None:
    code = BUILT_IN_FORMATS.get(number)
    return parse_number_format(code) if code else None


def show_text(section: FormatSection, value: Decimal) -> str | FailedCell | None:
    """The text that stands for the number; a dash or nothing is usual for 0."""
    text = "".join(section.texts).strip()
    if not text.strip(DASHES):
        return None if value == 0 else fail_format(value)
    return text


def show_percent(number: float) -> str:
    return f"{(Decimal(f'{number:.15g}') * 100).normalize():f}%"


def fail_format(value: Decimal) -> FailedCell:
    return FailedCell(f"{value.normalize():f}", "format_not_understood")


def show_month(section: FormatSection, number: float, from_1904: bool) -> str | None:
    """The year and month of a day that is shown without the day; None before March 1900."""
    if not 61 <= number <= MAX_SERIAL:
        return None
    return cut_day(EPOCHS[from_1904] + timedelta(days=int(number)), section.date_parts)


def cut_day(day: date, parts: str) -> str:
    return f"{day:%Y-%m}" if parts == "ym" else f"{day:%Y}"


def show_digits(section: FormatSection, value: Decimal) -> str | FailedCell | None:
    """The digits between the section's texts: filled in from the right, the rest at the left."""
    before, *inner, after = section.texts
    is_whole = value == value.to_integral_value()
    if not (before or after or inner):
        least = section.digits[0].count("0")
        return f"{int(value):0{least}d}" if is_whole and value >= 0 else None
    if inner and (section.has_decimals or not is_whole):
        return fail_format(value)
    if before and (value < 0 or not (is_whole or section.has_decimals)):
        return fail_format(value)
    if not is_whole:
        return f"{before}{value.normalize():f}{after}"
    if value < 0:
        return fail_format(value) if inner else f"{int(value)}{after}"
    least = 1 if section.has_decimals else "".join(section.digits).lstrip("#?").count("0")
    digits = f"{int(value):0{least}d}"
    return before + fill_digits(section, digits) + after if inner else before + digits + after


def fill_digits(section: FormatSection, digits: str) -> str:
    parts: list[str] = []
    for places, text in zip(section.digits[:0:-1], section.texts[-2:0:-1], strict=True):
        parts += [digits[-len(places) :], text]
        digits = digits[: -len(places)]
    return digits + "".join(reversed(parts))
