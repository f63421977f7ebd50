"""What stands beside the columns of a sheet: its year, its days, its units of money; or questions.

A year and a day are read where the mapping says that they stand; where nothing or several stand
there, the person is asked. Nothing is taken from today's date.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from shared.facts.tables import FACT_COLUMNS
from shared.facts.words import MilestoneKind
from shared.ledger.dates import parse_day_cell
from shared.ledger.findings import Finding, build_finding
from shared.ledger.money_units import MoneyUnit, read_unit
from shared.ledger.sheets import fold_name
from shared.mapping.evidence import suggest_for_sheet
from shared.mapping.headers import HeadedColumn, SheetHeader
from shared.mapping.model import ASK, ColumnMapping, SheetMapping
from shared.mapping.patterns import identify
from shared.mapping.periods import Period, find_days, find_years
from shared.mapping.questions import (
    AS_OF,
    COLUMN,
    MONEY,
    YEAR,
    Option,
    Question,
    describe_meaning,
    name_key,
)
from shared.mapping.sheet_values import MappedColumn
from shared.mapping.targets import DAILY, PRIOR, YEARLY, Target, find_target, list_needs

MILESTONES_OF_PERMITS = {"initiation": "initiated", "site": "sited"}  # where there is one
MONEY_UNITS = ("万元", "亿元", "元", "千元")


@dataclass(frozen=True)
class PlacedColumn(MappedColumn):
    """A column with the day that its values are of, where it needs one."""

    day: date | None = None


@dataclass
class Resolution:
    """The columns of a sheet that are read, and what is open or told about them."""

    columns: list[PlacedColumn] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class SheetPlaces:
    """Years, days and units of one sheet by its mapping and the answers for this file."""

    def __init__(
        self, header: SheetHeader, mapping: SheetMapping, answers: Mapping[str, str]
    ) -> None:
        self.header, self.mapping, self.answers = header, mapping, answers
        self.asked: dict[str, Question] = {}

    @cached_property
    def meanings(self) -> Mapping[int, tuple[str, ...]]:
        """What each column may mean, for questions about it."""
        return {s.column.index: s.meanings for s in suggest_for_sheet(self.header)}

    def ask_column(self, column: HeadedColumn) -> Question:
        """The question what a column means, with what its words may mean."""
        meanings = self.meanings[column.index]
        options = tuple(Option(meaning, describe_meaning(meaning)) for meaning in meanings)
        key = name_key(COLUMN, self.mapping.sheet, column.pattern)
        place = self.header.sheet.name, None, column.letter, column.text
        return Question(key, f"“{column.text}”是什么？", options, *place)

    def ask(
        self,
        kind: str,
        text: str,
        options: Sequence[Option] = (),
        column: HeadedColumn | None = None,
    ) -> None:
        key = name_key(kind, self.mapping.sheet)
        place = (column.letter, column.text) if column else (None, None)
        question = Question(key, text, tuple(options), self.header.sheet.name, None, *place)
        self.asked.setdefault(key, question)

    def texts(self, source: str) -> list[str]:
        return list(self.header.titles) if source == "title" else [self.header.sheet.name]

    def year(self) -> int | None:
        """The year of the sheet."""
        answer = self.answers.get(name_key(YEAR, self.mapping.sheet), "")
        if answer.isdecimal() and 1950 <= int(answer) <= 2199:
            return int(answer)
        source = self.mapping.year
        if isinstance(source, int):
            return source
        years = find_years(self.texts(source)) if source in ("title", "sheet") else []
        if len(years) == 1:
            return years[0]
        why = f"写有几个年份（{'、'.join(map(str, years))}）" if years else "没有写年份"
        self.ask(YEAR, f"这张表是哪一年的？{why}", [Option(str(y), f"{y} 年") for y in years])
        return None

    def find_day(self) -> date | None:
        """The as-of day of the sheet where it is known; None where it has to be asked."""
        answer = parse_day_cell(self.answers.get(name_key(AS_OF, self.mapping.sheet)) or None)
        if isinstance(answer.value, date):
            return answer.value
        source = self.mapping.as_of
        if isinstance(source, date):
            return source
        days = self.days_in(source) if source != "header" else []
        return days[0] if len(days) == 1 else None

    def day(self) -> date | None:
        """The as-of day of the sheet."""
        known = self.find_day()
        if known:
            return known
        source = self.mapping.as_of
        days = [] if isinstance(source, date) else self.days_in(source)
        if len(days) == 1:
            return days[0]
        why = f"写有几个日期（{'、'.join(map(str, days))}）" if days else "没有写截至日期"
        self.ask(AS_OF, f"数据截至哪一天？{why}", [Option(str(d), str(d)) for d in days])
        return None

    def days_in(self, source: str) -> list[date]:
        if source == "header":
            return self.days_in_headers()
        if source not in ("title", "sheet"):
            return []
        texts = self.texts(source)
        return find_days(texts, self.year() if not find_years(texts) else find_years(texts)[0])

    def days_in_headers(self) -> list[date]:
        """The different days of the columns that say what was done by a day of their header."""
        dated = {
            identify(column.header)
            for column in self.mapping.columns
            if column.to in DAILY and column.has_own_day
        }
        found = (
            c.period.end(self.year() if c.period.year is None else None)
            for c in self.header.columns
            if c.period and c.period.month and identify(c.pattern) in dated
        )
        return list(dict.fromkeys(day for day in found if day))

    def column_year(self, column: HeadedColumn, mapping: ColumnMapping) -> int | None:
        if isinstance(mapping.year, int):
            return mapping.year
        own = column.period.year if column.period else None
        if own is None or not mapping.has_own_year:
            return self.year()
        return own + 1 if mapping.to == PRIOR else own  # what was done before the year after

    def column_day(self, column: HeadedColumn, mapping: ColumnMapping) -> date | None:
        if isinstance(mapping.as_of, date):
            return mapping.as_of
        period = column.period
        if period is None or not mapping.has_own_day:
            return self.day()
        if not period.month:
            return self.day_of_year(period)
        end = period.end(None if period.year else self.year())
        own = self.find_day()
        is_within = end and own and (own.year, own.month) == (end.year, end.month)
        return own if is_within and period.day is None else end

    def day_of_year(self, period: Period) -> date | None:
        """The day of a column that names only its year: its end, but of this year the sheet's."""
        year = self.year()
        if period.year is None or year is None or period.year == year:
            return self.day()
        return date(period.year, 12, 31)

    def unit(self, column: HeadedColumn, mapping: ColumnMapping) -> MoneyUnit | None:
        """The unit of a column of amounts; None where it is asked."""
        if column.unit:
            return column.unit
        told = list(self.header.units)
        for written in (mapping.unit_of_money, self.mapping.unit_of_money):
            chosen = read_unit(fold_name(written)) if written and written != "sheet" else None
            if chosen and (not told or [u.factor for u in told] == [chosen.factor]):
                return chosen
        if len(told) == 1 and self.mapping.unit_of_money == "sheet":
            return told[0]
        why = f"表头以上写有 {'、'.join(u.text for u in told)}" if told else "没有写明"
        options = [Option(word, word) for word in MONEY_UNITS]
        self.ask(MONEY, f"金额的单位是什么？{why}", options, column)
        return None


def resolve_sheet(
    header: SheetHeader, mapping: SheetMapping, answers: Mapping[str, str]
) -> Resolution:
    """The columns that a sheet has of its mapping, each with year, day and unit."""
    found, places = Resolution(), SheetPlaces(header, mapping, answers)
    by_header = {identify(column.header): column for column in mapping.columns}
    absent = dict(by_header)
    factors: dict[int, str] = {}
    for column in header.columns:
        mapped = by_header.get(identify(column.pattern))
        absent.pop(identify(column.pattern), None)
        if mapped is None or mapped.to == ASK:
            found.questions.append(places.ask_column(column))
            continue
        if mapped.ignored or mapped.to is None:
            why = mapped.ignored or "不导入"
            found.findings.append(
                build_finding("column_ignored", header.sheet.name, column=column.text, why=why)
            )
            continue
        placed = place_column(header, column, mapped, places, found)
        if placed:
            found.columns.append(placed)
            found.findings += tell_other_meaning(header, placed)
            if placed.target.is_amount:
                factors.setdefault(placed.factor, column.text)
    for left in absent.values():
        if left.to and left.to != ASK:
            found.findings.append(
                build_finding("mapped_column_absent", header.sheet.name, column=left.header)
            )
    if len(factors) > 1:
        told = "、".join(f"“{text}”每单位 {factor:,} 元" for factor, text in factors.items())
        found.findings.append(build_finding("units_mixed", header.sheet.name, columns=told))
    found.questions += places.asked.values()
    return found


def tell_other_meaning(header: SheetHeader, column: PlacedColumn) -> Iterator[Finding]:
    """A finding of an approval that may as well be a milestone."""
    kind = MILESTONES_OF_PERMITS.get(column.mapping.kind or "", "")
    label = MilestoneKind.labels().get(kind)
    if column.target.name == "permits.granted_on" and label:
        name, text = header.sheet.name, column.headed.text
        yield build_finding("permit_or_milestone", name, column=text, milestone=label)


def is_complete(mapped: ColumnMapping, target: Target) -> bool:
    """Whether the mapping of a column says all that its target needs beside it."""
    if any(getattr(mapped, name) in (None, ASK) for name in list_needs(target)):
        return False
    vocabularies = {c.name: c.words for c in FACT_COLUMNS[target.table] if c.closed and c.words}
    said = {name: getattr(mapped, name, None) for name in vocabularies}
    return all(word is None or word in {*vocabularies[name]} for name, word in said.items())


def place_column(
    header: SheetHeader,
    column: HeadedColumn,
    mapped: ColumnMapping,
    places: SheetPlaces,
    found: Resolution,
) -> PlacedColumn | None:
    """A column with what it needs; None where something of it is asked."""
    target = find_target(mapped.to or "")
    if target is None or not is_complete(mapped, target):
        found.questions.append(places.ask_column(column))
        return None
    placed = PlacedColumn(column, mapped, target)
    if target.is_amount:
        unit = places.unit(column, mapped)
        if unit is None:
            return None
        if unit.factor is None:
            told = build_finding(
                "unit_not_understood", header.sheet.name, column=column.text, unit=unit.text
            )
            found.findings.append(told)
            return None
        placed = replace(placed, factor=unit.factor)
    if target.name in YEARLY or (target.is_day and mapped.year is not None):
        year = places.column_year(column, mapped)
        return replace(placed, year=year) if year else None
    if target.name in DAILY:
        day = places.column_day(column, mapped)
        return replace(placed, day=day, year=day.year) if day else None
    return placed
