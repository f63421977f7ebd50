"""Units of money where people write them: in a header, in a group's heading, in the titles.

A money word that is seen and not understood is a unit without a factor, never plain yuan.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

YUAN_PER_UNIT: Mapping[str, int] = {
    "": 1,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
UNIT_PATTERN = re.compile("(人民币|rmb)?(?P<times>千|万|百万|千万|亿)?(?P<yuan>元)?(人民币)?")
FOREIGN = "美元|美金|欧元|万欧|日元|港[元币]|英镑|澳元|加元|台币|卢布|[$€£]|usd|eur|hkd|jpy|gbp"
MONEY_WORD = re.compile(
    rf"[十百千万亿]元|^元|(?<![单公多])元$|{FOREIGN}|人民币|外币|rmb|cny"
)  # not 千 and 万 alone, with which names of places begin
BRACKETS = re.compile(r"(?P<name>.*?)[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]")
SLASH = re.compile(r"(?P<name>[^/]*)/(?P<unit>[^/]*)")
SUFFIX = re.compile(
    rf"(?P<name>.*?)(?P<unit>[千百万亿]*(?:{FOREIGN})|(?:千|百?万|千万|亿)?(?<![单公多])元)"
)
LABEL_SEPARATORS = re.compile("[,;、:]")
UNIT_LABELS = frozenset({"", "单位", "金额单位", "计量单位", "货币单位", "人民币", "rmb"})

TITLE_LABEL = re.compile(
    r"(?:(?:^|(?<=[\s(\[【,;、。:])|金额|计量|货币|投资|计算|本表|表内|数据)单位(?:均?为)?"
    r"|(?:^|(?<=[\s(\[【,;、。:]))(?:金额|货币|币种)(?=\s*:))"
    r"\s*:?\s*[(\[【]?\s*(?P<units>[^\s()\[\]【】;。]+)"
)
TITLE_BRACKETS = re.compile(
    r"[(\[【]\s*(?P<unit>[^()\[\]【】]*元(?:人民币)?[^()\[\]【】]{0,6})\s*[)\]】]"
)
TITLE_CLAUSE = re.compile(
    r"[以按](?P<unit>(?:人民币)?(?:千|万|百万|千万|亿)?元)(?:人民币)?(?:为(?:计量|计算)?单位|计(?:算|量)?)"
)
TITLE_SEPARATORS = re.compile("[,、/:]")
NEXT_LABEL = re.compile("(?:填|制|编|报|截|日期|时间|[0-9]{4}).*")  # follows without a space


@dataclass(frozen=True)
class MoneyUnit:
    """A unit of money as it is written; `factor` yuan each, None where it is not understood."""

    text: str
    factor: int | None


def read_unit(text: str) -> MoneyUnit | None:
    """The unit that a folded text is; None where it does not speak of money."""
    match = UNIT_PATTERN.fullmatch(text)
    if match and (match["times"] or match["yuan"]):
        return MoneyUnit(text, YUAN_PER_UNIT[match["times"] or ""])
    return MoneyUnit(text, None) if MONEY_WORD.search(text) else None


def split_unit(name: str) -> tuple[str, MoneyUnit | None]:
    """The folded name of a column apart from its unit: `总投资(万元)`, `总投资/万元`, `总投资万元`.

    A name that ends in `_yuan` says yuan itself.
    """
    for pattern in (BRACKETS, SLASH, SUFFIX):
        match = pattern.fullmatch(name)
        unit = read_label(match["unit"]) if match else None
        if match and unit:
            return match["name"].rstrip("/,:"), unit
    unit = read_label(name) if name.startswith(("单位", "金额单位")) else read_unit(name)
    if unit and unit.factor:
        return "", unit
    return name, MoneyUnit("元", 1) if name.endswith("_yuan") else None


def read_label(text: str) -> MoneyUnit | None:
    """The unit that a label names: `万元`, `单位:万元`, `人民币:万元`, `万元,含税`."""
    pieces = [piece for piece in LABEL_SEPARATORS.split(text) if piece not in UNIT_LABELS]
    units = [unit for piece in pieces if (unit := read_unit(piece))]
    return units[0] if len(units) == 1 else MoneyUnit(text, None) if units else None


def find_title_units(titles: Iterable[str]) -> list[MoneyUnit]:
    """The different units that titles name: `单位:万元` among other words, `(万元)`."""
    found: dict[object, MoneyUnit] = {}
    for title in titles:
        normal = unicodedata.normalize("NFKC", title).casefold()
        labels = TITLE_LABEL.findall(normal)
        pieces = [NEXT_LABEL.sub("", p) for label in labels for p in TITLE_SEPARATORS.split(label)]
        if not labels:
            found_in = (*TITLE_BRACKETS.finditer(normal), *TITLE_CLAUSE.finditer(normal))
            pieces = [p for m in found_in for p in TITLE_SEPARATORS.split(m["unit"])]
            pieces += [normal.strip()] if UNIT_PATTERN.fullmatch(normal.strip()) else []
        for unit in filter(None, map(read_unit, pieces)):
            found.setdefault(unit.factor or unit.text, unit)
    return list(found.values())
