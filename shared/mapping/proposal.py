"""The mapping that is proposed for sheets which none is known for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.ledger.findings import Finding, build_finding
from shared.ledger.rows import total_word
from shared.ledger.sheets import Sheet, is_blank
from shared.mapping.evidence import suggest_for_sheet
from shared.mapping.headers import HeadedColumn, SheetHeader, read_header
from shared.mapping.mapping_mistakes import expected_text, tell_mistakes
from shared.mapping.model import (
    ASK,
    DEFAULT_NAME,
    MAX_NAME,
    MAX_SECTIONS,
    MAX_SHEETS,
    MAX_TITLES,
    ColumnMapping,
    ImportMapping,
    SheetMapping,
)
from shared.mapping.patterns import identify, make_count_hole
from shared.mapping.periods import find_days, find_years
from shared.mapping.questions import parse_meaning
from shared.mapping.sheet_values import MappedColumn, read_values
from shared.mapping.suggestion import Suggestion
from shared.mapping.targets import DAILY, PRIOR, YEARLY, find_target

TITLES_TOLD = "项目名称、责任单位、总投资"  # of a header, where there is none
PARTS = {"columns": "列", "header": "列名", "sheet": "表名", "total_label": "合计行的名称"}
TITLES, SECTIONS = "表头以上的文字", "分组标题"
MAX_FILE_NAME = 100  # of its characters in the name of a mapping
UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f/:?#%]+")  # see NAME_PATTERN


@dataclass(frozen=True)
class Proposal:
    """A mapping, with what was suggested for each column of each sheet and how sure that is.

    Columns that are not sure are `to: ask` in the mapping, and reading it asks about them. There is
    none where no sheet can be mapped; `findings` say why, and what else was left out.
    """

    mapping: ImportMapping | None
    suggestions: dict[str, tuple[Suggestion, ...]]
    findings: tuple[Finding, ...]


def propose_mapping(sheets: Sequence[Sheet], name: str = DEFAULT_NAME) -> Proposal:
    """A mapping for the sheets that have a header, as many as it holds."""
    mapped: list[SheetMapping] = []
    suggested: dict[str, tuple[Suggestion, ...]] = {}
    findings, without = list[Finding](), list[Finding]()
    for sheet in sheets:
        header = read_header(sheet)
        if header is None:
            without.append(build_finding("no_header", sheet.name, titles=TITLES_TOLD))
        if header is None or sheet.name in suggested:
            continue
        found = suggest_for_sheet(header)
        if not any(each.is_sure and not is_ignored(each) for each in found):
            without.append(build_finding("no_known_heading", sheet.name, header.first + 1))
            continue
        if len(mapped) == MAX_SHEETS:
            findings.append(build_finding("sheet_beyond_mapping", sheet.name, most=MAX_SHEETS))
            continue
        try:
            proposed, left_out = propose_sheet(header, found)
        except ValidationError as error:
            what = tell_mistakes(error, describe_excess).detail
            findings.append(build_finding("beyond_mapping", sheet.name, what=what))
            continue
        mapped.append(proposed)
        suggested[sheet.name] = tuple(found)
        findings += left_out
    if not mapped:
        return Proposal(None, {}, (*findings, *without))
    mapping = ImportMapping(name=name[:MAX_NAME], sheets=tuple(mapped))
    return Proposal(mapping, suggested, tuple(findings))


def describe_excess(error: Mapping[str, Any]) -> str:
    """What of a sheet is more than a mapping holds: `列：最多 300 项`."""
    part = next((each for each in reversed(error["loc"]) if isinstance(each, str)), "")
    return f"{PARTS.get(part, part)}：{expected_text(error)}"


def name_mapping(stem: str) -> str:
    """A name that fits a mapping of a file, after the file's own without its ending."""
    printable = UNNAMEABLE.sub(" ", stem).strip()
    return printable[:MAX_FILE_NAME].strip() or DEFAULT_NAME


def is_ignored(suggestion: Suggestion) -> bool:
    return suggestion.meanings[0].startswith("ignored")


def propose_sheet(
    header: SheetHeader, suggestions: Sequence[Suggestion]
) -> tuple[SheetMapping, list[Finding]]:
    """The mapping of a sheet, and what of its layout is left out.

    Raises ValidationError where it says more than a mapping holds.
    """
    years = find_years(header.titles) or find_years([header.sheet.name])
    in_titles = bool(find_years(header.titles))
    year = years[0] if len(years) == 1 else None
    columns: dict[str, ColumnMapping] = {}
    for each in suggestions:
        mapped = propose_column(each, year)
        if months := repeated_months(header, each.column):
            mapped = mapped.model_copy(update={"months": months})
        if header.units_below and each.column.unit and not each.column.has_own_unit:
            mapped = mapped.model_copy(update={"unit_of_money": each.column.unit.text})
        before = columns.get(identify(each.column.pattern))
        columns[identify(each.column.pattern)] = merge_columns(before, mapped)
    place = "title" if in_titles else "sheet" if years else ASK
    days = find_days(header.titles, year)
    sheet_days = find_days([header.sheet.name], year)
    dated = any(c.to in DAILY and c.has_own_day for c in columns.values())
    as_of = "title" if days else "sheet" if sheet_days else "header" if dated else ASK
    titles, sections, totals = header.title_cells, *propose_rows(header, suggestions)
    proposed = SheetMapping.model_validate(
        {
            "sheet": header.sheet.name,
            "year": place,
            "as_of": as_of,
            "columns": tuple(columns.values()),
            "titles": titles[:MAX_TITLES],
            "header_rows": header.rows,
            "sections": dict([*sections.items()][:MAX_SECTIONS]),
            **totals,
        }
    )
    return proposed, [
        build_finding("layout_beyond_mapping", header.sheet.name, what=what, count=count, most=most)
        for what, count, most in (
            (TITLES, len(titles), MAX_TITLES),
            (SECTIONS, len(sections), MAX_SECTIONS),
        )
        if count > most
    ]


def merge_columns(before: ColumnMapping | None, column: ColumnMapping) -> ColumnMapping:
    """One mapping for the columns of a pattern: the months of a year, the plans of two years."""
    if before is None:
        return column
    years = tuple(dict.fromkeys((*before.years, *column.years)))
    return before.model_copy(update={"years": years})


def repeated_months(header: SheetHeader, column: HeadedColumn) -> str | None:
    """Whether a pattern stands there for several months: for all of the year, or those so far."""
    same = [c for c in header.columns if identify(c.pattern) == identify(column.pattern)]
    months = {c.period.month for c in same if c.period and c.period.month}
    return None if len(months) < 2 else "all" if 12 in months else "so_far"


def propose_column(suggestion: Suggestion, year: int | None) -> ColumnMapping:
    """The mapping of a column: what is sure, else to be asked."""
    column, period = suggestion.column, suggestion.column.period
    offset = period.year - year if period and period.year and year else 0
    more: dict[str, object] = {"years": (offset,)} if offset else {}
    mapped = parse_meaning(column.pattern, suggestion.meanings[0])
    says_year = period is not None and period.year is not None and year is not None
    is_late = mapped is not None and mapped.to == PRIOR and says_year and offset >= 0
    if not suggestion.is_sure or mapped is None or is_late:
        return ColumnMapping(header=column.pattern, to=ASK).model_copy(update=more)
    return complete_column(mapped, column).model_copy(update=more)


def complete_column(mapped: ColumnMapping, column: HeadedColumn) -> ColumnMapping:
    """A mapping with where year and day of its column stand, if they stand in its header."""
    if mapped.to in DAILY and mapped.as_of is None and column.period:
        return mapped.model_copy(update={"as_of": "header"})
    if mapped.to in YEARLY and mapped.year is None and column.period and column.period.year:
        before = {"years": (-1,)} if mapped.to == PRIOR else {}
        return mapped.model_copy(update={"year": "header", **before})
    return mapped


def propose_rows(
    header: SheetHeader, suggestions: Sequence[Suggestion]
) -> tuple[Mapping[str, str], dict[str, object]]:
    """Which sections there are, and where totals stand, for the export."""
    columns = []
    for each in suggestions:
        mapped = parse_meaning(each.column.pattern, each.meanings[0]) if each.meanings else None
        target = find_target(mapped.to) if mapped and mapped.to else None
        if mapped and target:
            columns.append(MappedColumn(each.column, mapped, target))
    values = read_values(header, columns)
    found: dict[str, object] = {"section_totals": values.has_section_totals}
    first = values.numbers[0] if values.numbers else header.end + 1
    for number, row in enumerate(header.sheet.rows[header.end :], header.end + 1):
        word = next((c for c in row if isinstance(c, str) and not is_blank(c)), "")
        if total_word(word):
            found["total"] = "top" if number < first else "bottom"
            found["total_label"] = make_count_hole(word)
            break
    return values.sections, found
