"""The reading of an office's sheets by a mapping: facts, questions, findings.

With a question open there are no facts of what it is about, and nothing may be applied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import Facts
from shared.ledger.findings import (
    Finding,
    build_finding,
    limit_findings,
    redact_secret_rows,
)
from shared.ledger.sheets import Sheet
from shared.mapping.headers import SheetHeader, read_header
from shared.mapping.identities import Identification, StoredNames, identify_projects
from shared.mapping.model import ImportMapping, SheetMapping
from shared.mapping.part_validation import validate_part
from shared.mapping.patterns import LEAST_LIKENESS, compare_shapes, make_holes
from shared.mapping.project_rows import SheetRows, write_row
from shared.mapping.questions import (
    Question,
    digest_sheets,
    refuse_answers,
    store_answers,
)
from shared.mapping.records import Records, Said, StoredRows
from shared.mapping.resolution import resolve_sheet
from shared.mapping.row_findings import (
    collect_by_column,
    disagreeing_cells,
    identity_findings,
    missing_name,
)
from shared.mapping.sheet_values import read_values
from shared.mapping.unit_book import UnitBook


@dataclass(frozen=True)
class MappedReading:
    """What a file says by a mapping. `part` is empty of all that a question is about.

    `mapping` has the answers in it that were given; `applied_mapping` is to be kept once it is
    applied, with the ids of what was new, and with the projects that each sheet names. `letters`
    are those of the columns of each sheet, by header, as findings name them.
    """

    part: LedgerPart
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    mapping: ImportMapping
    letters: Mapping[str, Mapping[str, str]]
    new_labels: Mapping[str, str]
    named: Mapping[str, tuple[str, ...]]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "error")

    @property
    def applied_mapping(self) -> ImportMapping:
        names = self.mapping.names
        applied = names.after_import(self.new_labels, self.named)
        return self.mapping.model_copy(update={"names": applied})

    @property
    def is_ready(self) -> bool:
        """Whether it may be applied."""
        return not self.questions and not self.errors


def read_mapped(
    mapping: ImportMapping,
    sheets: Sequence[Sheet],
    stored: Facts,
    answers: Mapping[str, str] | None = None,
    regions: frozenset[str] | None = None,
) -> MappedReading:
    """Read sheets by a mapping, beside the stored facts of the office.

    With the six-digit codes of `regions` what is read is checked by the rules of a ledger.
    """
    digest = digest_sheets(sheets)
    mapping = store_answers(mapping, answers or {}, digest)
    once = mapping.once.answers if mapping.once else {}
    rows, questions, findings = list[SheetRows](), list[Question](), list[Finding]()
    for header, sheet_mapping in match_sheets(mapping, sheets):
        resolved = resolve_sheet(header, sheet_mapping, once)
        questions += resolved.questions
        values = read_values(header, resolved.columns)
        findings += [*resolved.findings, *values.findings]
        rows.append(SheetRows(header, sheet_mapping, resolved.columns, values))
    if not rows:
        findings.append(build_finding("no_mapped_sheet", ""))
    records = Records(StoredRows(stored))
    units = open_unit_book(records.stored, mapping)
    known = identify_rows(rows, records.stored, mapping)
    questions += known.questions
    findings += identity_findings(known)
    ids_of = split_ids(rows, known.ids)
    pairs = list(zip(rows, ids_of, strict=True))
    units.meet(chain.from_iterable(sheet.unit_names(ids) for sheet, ids in pairs))
    for sheet, ids in pairs:
        for index, project_id in enumerate(ids):
            findings += missing_name(sheet, index, project_id)
            if project_id:
                asked, told = write_row(
                    sheet, index, project_id, records, units, known, mapping, once
                )
                questions += asked
                findings += told
    questions += units.questions.values()
    write_units(units, records)
    letters = {sheet.header.sheet.name: sheet.values.letters for sheet in rows}
    findings = collect_by_column(findings)
    findings += limit_findings(disagreeing_cells(records))
    part = records.build_part()
    if regions is not None:
        sheet_name = next(iter(letters)) if len(letters) == 1 else None
        findings = redact_secret_rows(
            [*findings, *validate_part(part, stored, regions, sheet_name)]
        )
    asked_once = {each.key: each for each in reversed(questions)}.values()
    return MappedReading(
        part,
        tuple(refuse_answers(asked_once, answers or {}))[::-1],
        tuple(findings),
        mapping,
        letters,
        known.labels,
        {sheet.mapping.sheet: tuple(dict.fromkeys(filter(None, ids))) for sheet, ids in pairs},
    )


def split_ids(rows: Sequence[SheetRows], ids: Iterable[str | None]) -> list[list[str | None]]:
    """The ids of the rows of each sheet."""
    every = iter(ids)
    return [list(islice(every, len(sheet.values.numbers))) for sheet in rows]


def match_sheets(
    mapping: ImportMapping, sheets: Iterable[Sheet]
) -> list[tuple[SheetHeader, SheetMapping]]:
    """Each sheet of a file with the mapping that its shape is likest, each mapping once.

    Of mappings of one shape the one that has its name goes first.
    """
    headers = [header for sheet in sheets if (header := read_header(sheet))]
    ranked = sorted(
        (
            (
                -compare_shapes(header.patterns, [c.header for c in one.columns]),
                make_holes(header.sheet.name) != make_holes(one.sheet),
                i,
                j,
            )
            for i, header in enumerate(headers)
            for j, one in enumerate(mapping.sheets)
        ),
    )
    found: dict[int, SheetMapping] = {}
    taken = set()
    for likeness, _, i, j in ranked:
        if -likeness >= LEAST_LIKENESS and i not in found and j not in taken:
            found[i] = mapping.sheets[j]
            taken.add(j)
    return [(headers[i], found[i]) for i in sorted(found)]


def identify_rows(
    rows: Sequence[SheetRows], stored: StoredRows, mapping: ImportMapping
) -> Identification:
    """The project of each row of each sheet; a project may stand in several sheets."""
    projects = stored.table("projects").values()
    names = StoredNames(
        {row["project_id"]: row["name"] for row in projects},
        {row["project_id"]: row["national_code"] for row in projects if row["national_code"]},
        {row["project_id"]: row["region_code"] for row in projects if row["region_code"]},
    )
    found = Identification()
    for sheet in rows:
        identities = sheet.identities
        continued = sheet.continued_rows()
        heads = [row for row in identities if row.row not in continued]
        one = identify_projects(heads, names, mapping.names)
        by_row = dict(zip((row.row for row in heads), one.ids, strict=True))
        found.ids += [by_row[continued.get(row.row, row.row)] for row in identities]
        found.clashes += one.clashes
        found.skipped += one.skipped
        found.new |= one.new
        found.by_answer |= one.by_answer
        found.labels |= one.labels
        found.questions += one.questions
        named = dict(zip(one.ids, heads, strict=True))
        added = {key: named[key].name or key for key in one.new}
        names = replace(names, names={**names.names, **added})
    return found


def open_unit_book(stored: StoredRows, mapping: ImportMapping) -> UnitBook:
    kinds = dict.fromkeys((r["kind"], r["group"]) for r in stored.table("units").values())
    return UnitBook(StoredNames(stored.unit_names), list(kinds), mapping.names)


def write_units(units: UnitBook, records: Records) -> None:
    for unit in units.new.values():
        for name in ("name", "kind", "group"):
            said = Said(getattr(unit, name), "责任单位", unit.row)
            records.say("units", (unit.unit_id,), name, said)
