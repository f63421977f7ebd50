"""Sections of a number's format: what each shows beside the digits, as far as it is sure."""

import re
from typing import Literal, NamedTuple

# Texts in quotes, escaped characters, paddings and fillings, colours, currencies, conditions.
FORMAT_MARKS = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[(?:\$([^\]-]*)(?:-([^\]]*))?|[^\]]*)\]')
GENERAL = re.compile(r"General|G/通用格式|Standard|@", re.IGNORECASE)
DATE_LETTERS = re.compile(r"[ymdhse]", re.IGNORECASE)
ELAPSED_TIME = re.compile(r"\[[hms]{1,2}\]", re.IGNORECASE)
EXPONENT = re.compile(r"[0#?]E[+-]", re.IGNORECASE)
SCALE = re.compile(r"[0#?],+(?![0#?,])|[0#?]\.[0#?]*,")
THOUSANDS = re.compile(r"(?<=[0#?]),+(?=[0#?])")
DIGITS = re.compile(r"[0#?](?:[0#?,]*[0#?])?")
DECIMALS = re.compile(r"(?<=[0#?])\.[0#?]*|\.[0#?]+")
OWN_CURRENCY = re.compile("CNY|RMB|人民币|[¥￥]", re.IGNORECASE)
FOREIGN_SIGNS = re.compile("[$€£₩₽₹฿₫]|USD|EUR|HKD|JPY|GBP", re.IGNORECASE)
YEN_LOCALES = ("411", "ja-jp", "ja")
SPACES = re.compile(r"\s+")

SectionKind = Literal["plain", "percent", "date", "text", "unsure"]


class FormatSection(NamedTuple):
    """A section: the groups of digits and the texts before, between and after them."""

    kind: SectionKind
    digits: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    has_decimals: bool = False
    date_parts: str = ""
    is_foreign: bool = False


PLAIN, PERCENT_SECTION = FormatSection("plain"), FormatSection("percent")
UNSURE, FOREIGN = FormatSection("unsure"), FormatSection("unsure", is_foreign=True)


def split_sections(code: str) -> list[str]:
    """The sections, which semicolons outside of texts separate."""
    masked = FORMAT_MARKS.sub(lambda found: "x" * len(found[0]), code)
    ends = [*(place for place, sign in enumerate(masked) if sign == ";"), len(code)]
    starts = [0, *(end + 1 for end in ends)]
    return [code[start:end] for start, end in zip(starts, ends, strict=False)]


def parse_section(code: str) -> FormatSection:
    bare = GENERAL.sub("0", FORMAT_MARKS.sub("", code))
    parts = find_date_parts(code, bare)
    if parts:
        return FormatSection("date", date_parts=parts) if parts in ("ym", "y") else PLAIN
    if is_foreign(code):
        return FOREIGN
    if SCALE.search(bare):
        return UNSURE
    if "%" in bare and DIGITS.search(bare):
        return PERCENT_SECTION
    if EXPONENT.search(bare) or ("/" in bare and ("?" in bare or "#" in bare)):
        return PLAIN
    return parse_texts(code)


def find_date_parts(code: str, bare: str) -> str:
    """The letters of the parts that a section of a date shows, `ym` for a month."""
    if DIGITS.search(bare) and not re.search(r"[yd]", bare, re.IGNORECASE):
        return "s" if re.search(r"[hms]", bare, re.IGNORECASE) else ""
    letters = {letter.lower() for letter in DATE_LETTERS.findall(bare)}
    if "e" in letters and "m" in letters:
        letters.add("y")  # the year by the Chinese letter
    if ELAPSED_TIME.search(code):
        letters.add("h")
    return "".join(letter for letter in "ymdhs" if letter in letters)


def is_foreign(code: str) -> bool:
    """Whether a currency is shown that is not yuan."""
    for found in FORMAT_MARKS.finditer(code):
        symbol, locale = found[3], (found[4] or "").lower()
        if symbol and (not OWN_CURRENCY.fullmatch(symbol.strip()) or locale in YEN_LOCALES):
            return True
        if FOREIGN_SIGNS.search(found[1] or found[2] or ""):
            return True
    return bool(FOREIGN_SIGNS.search(FORMAT_MARKS.sub("", code)))


def parse_texts(code: str) -> FormatSection:
    """The groups of digits and the texts around them; yuan signs and spaces say nothing."""
    texts: list[str] = []

    def keep(text: str) -> str:
        texts.append(OWN_CURRENCY.sub("", text).strip())
        return chr(0xE000 + len(texts) - 1)  # a private sign in the text's place

    marked = FORMAT_MARKS.sub(lambda found: keep(found[1] or found[2] or ""), code)
    marked = OWN_CURRENCY.sub("", GENERAL.sub("0", marked))

    def restore(text: str) -> str:
        return "".join(
            texts[ord(sign) - 0xE000] if 0 <= ord(sign) - 0xE000 < len(texts) else sign
            for sign in text
        )

    marked = "".join(sign for sign in marked if not sign.isspace() and restore(sign).strip())
    decimals = DECIMALS.findall(marked)
    if len(decimals) > 1:
        return UNSURE
    marked = THOUSANDS.sub("", DECIMALS.sub("", marked))
    digits = DIGITS.findall(marked)
    shown = tuple(restore(text) for text in DIGITS.split(marked))
    if any("." in text or "/" in text or "," in text for text in shown[1:-1]):
        return UNSURE
    is_plain = not any(shown) and len(digits) == 1 and digits[0].count("0") < 2
    if is_plain or (not any(shown) and decimals):
        return PLAIN
    return FormatSection("text", tuple(digits), shown, bool(decimals))
