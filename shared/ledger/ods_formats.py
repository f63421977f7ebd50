"""Styles of an .ods workbook as format codes: what each element of a style shows, in order."""

from collections.abc import Mapping

from shared.ledger.number_formats import NumberFormat, parse_number_format

DATA_STYLES = frozenset(
    {"number-style", "currency-style", "percentage-style", "date-style", "time-style", "text-style"}
)
MAX_DIGITS = 100
CODES: Mapping[str, str] = {
    "year": "yyyy", "month": "m", "day": "d", "hours": "h", "minutes": "m", "seconds": "s",
    "scientific-number": "0E+0", "fraction": "# ?/?", "text-content": "@",
    "embedded-text": ",", "text-properties": "[Red]",
}  # fmt: skip
TEXTS = ("text", "currency-symbol")


class DataStyles:
    """The formats by name, of the styles that were walked through."""

    def __init__(self) -> None:
        self.formats: dict[str, NumberFormat] = {}
        self.codes: dict[str, str] = {}
        self.kind = self.name = self.element = ""
        self.code: list[str] = []
        self.sections: list[str] = []

    def start(self, local: str, named: Mapping[str, str]) -> None:
        self.element = local
        if local in DATA_STYLES:
            self.kind, self.name = local, named.get("name", "")
            self.code, self.sections = [], []
        elif not self.kind:
            return
        elif local == "number":
            self.code.append(number_code(named))
        elif local == "map":
            section = self.codes.get(named.get("apply-style-name", ""), "")
            condition = named.get("condition", "").replace("value()", "").replace("!=", "<>")
            self.sections.append(f"[{condition}]{section}")
        else:
            self.code.append(CODES.get(local, ""))

    def add_text(self, text: str) -> None:
        """Characters of a text, each escaped; the sign of per cent has its meaning."""
        if self.kind and self.element in TEXTS:
            is_percent = self.kind == "percentage-style"
            self.code += (
                sign if is_percent and sign == "%" else f"\\{sign}" for sign in text if sign != "\n"
            )

    def end(self, local: str) -> None:
        self.element = ""
        if self.kind and local == self.kind:
            self.kind = ""
            self.codes[self.name] = "".join(self.code)
            shown = parse_number_format(";".join([*self.sections, self.codes[self.name]]))
            self.formats.pop(self.name, None)
            if shown:
                self.formats[self.name] = shown


def number_code(named: Mapping[str, str]) -> str:
    decimals = named.get("decimal-places")
    if decimals is None and "min-integer-digits" not in named:
        return "General"
    digits = min(int(named.get("min-integer-digits", "1")), MAX_DIGITS)
    scale = "," if float(named.get("display-factor", "1")) > 1 else ""
    return ("0" * digits or "#") + scale + (".0" if decimals and int(decimals) > 0 else "")
