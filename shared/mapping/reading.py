"""The reading of an office's sheets by a mapping: facts, questions, findings.

With a question open there are no facts of what it is about, and nothing may be applied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import Facts
from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import Sheet, fold_name
from shared.ledger.vocabularies import known_words
from shared.mapping.contributions import RowWriter
from shared.mapping.headers import SheetHeader, read_header
from shared.mapping.identities import (
    Identification,
    RowIdentity,
    StoredNames,
    UnitBook,
    identify_projects,
)
from shared.mapping.model import ImportMapping, SheetMapping
from shared.mapping.patterns import LEAST_LIKENESS, compare_shapes
from shared.mapping.questions import (
    WORD,
    Option,
    Question,
    digest_sheets,
    name_key,
    store_answers,
)
from shared.mapping.records import Records, Said, StoredRows
from shared.mapping.resolution import PlacedColumn, resolve_sheet
from shared.mapping.sheet_values import SheetValues, read_values
from shared.mapping.targets import (
    NAME,
    NATIONAL_CODE,
    NATURE,
    PROJECT_ID,
    UNIT,
    UNIT_NAMES,
    Target,
    find_target,
)

REQUIRED = {"nature": NATURE, "unit_id": UNIT}  # of a new project


@dataclass(frozen=True)
class MappedReading:
    """What a file says by a mapping. `part` is empty of all that a question is about.

    `mapping` has the answers in it that were given; `letters` are those of the columns of each
    sheet, by header, as findings name them.
    """

    part: LedgerPart
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    mapping: ImportMapping
    letters: Mapping[str, Mapping[str, str]]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "error")

    @property
    def is_ready(self) -> bool:
        """Whether it may be applied."""
        return not self.questions and not self.errors


@dataclass(frozen=True)
class SheetRows:
    """A sheet that is read: its columns, its values."""

    header: SheetHeader
    mapping: SheetMapping
    columns: Sequence[PlacedColumn]
    values: SheetValues

    def column(self, target: str) -> PlacedColumn | None:
        return next((c for c in self.columns if c.target.name == target), None)

    def texts(self, target: str) -> Sequence[str | None]:
        column = self.column(target)
        return self.values.values[column.name] if column else [None] * len(self.values.numbers)


def read_mapped(
    mapping: ImportMapping,
    sheets: Sequence[Sheet],
    stored: Facts,
    answers: Mapping[str, str] | None = None,
) -> MappedReading:
    """Read sheets by a mapping, beside the stored facts of the office."""
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
    ids = iter(known.ids)
    for sheet in rows:
        for index in range(len(sheet.values.numbers)):
            project_id = next(ids)
            if project_id:
                asked, told = write_row(
                    sheet, index, project_id, records, units, known, mapping, once
                )
                questions += asked
                findings += told
    questions += units.questions.values()
    write_units(units, records)
    letters = {sheet.header.sheet.name: sheet.values.letters for sheet in rows}
    return MappedReading(
        records.build_part(), tuple(dict.fromkeys(questions)), tuple(findings), mapping, letters
    )


def match_sheets(
    mapping: ImportMapping, sheets: Iterable[Sheet]
) -> list[tuple[SheetHeader, SheetMapping]]:
    """Each sheet of a file with the mapping that its shape is likest, each mapping once."""
    headers = [header for sheet in sheets if (header := read_header(sheet))]
    ranked = sorted(
        (
            (-compare_shapes(header.patterns, [c.header for c in one.columns]), i, j)
            for i, header in enumerate(headers)
            for j, one in enumerate(mapping.sheets)
        ),
    )
    found: dict[int, SheetMapping] = {}
    taken = set()
    for likeness, i, j in ranked:
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
    )
    found = Identification()
    for sheet in rows:
        column = sheet.column(NAME)
        identities = [
            RowIdentity(sheet.header.sheet.name, number, column.name if column else None, *parts)
            for number, *parts in zip(
                sheet.values.numbers,
                sheet.texts(NAME),
                sheet.texts(NATIONAL_CODE),
                sheet.texts(PROJECT_ID),
                sheet.texts(UNIT),
                strict=True,
            )
        ]
        one = identify_projects(identities, names, mapping.names)
        found.ids += one.ids
        found.new |= one.new
        found.by_answer |= one.by_answer
        found.questions += one.questions
        named = dict(zip(one.ids, identities, strict=True))
        added = {key: named[key].name or key for key in one.new}
        names = StoredNames({**names.names, **added}, names.codes)
    return found


def open_unit_book(stored: StoredRows, mapping: ImportMapping) -> UnitBook:
    kinds = dict.fromkeys((r["kind"], r["group"]) for r in stored.table("units").values())
    return UnitBook(StoredNames(stored.unit_names), list(kinds), mapping.names)


def write_units(units: UnitBook, records: Records) -> None:
    for unit in units.new.values():
        for name in ("name", "kind", "group"):
            said = Said(getattr(unit, name), "责任单位", unit.row)
            records.say("units", (unit.unit_id,), name, said)


def write_row(
    sheet: SheetRows,
    index: int,
    project_id: str,
    records: Records,
    units: UnitBook,
    known: Identification,
    mapping: ImportMapping,
    once: Mapping[str, str],
) -> tuple[list[Question], list[Finding]]:
    """Write what a row says of its project; what it lacks of a new one is asked."""
    number, name = sheet.values.numbers[index], sheet.header.sheet.name
    writer = RowWriter(name, project_id, number, records)
    questions = list[Question]()
    for column in sheet.columns:
        value = sheet.values.values[column.name][index]
        if (index, column.name) in sheet.values.failed:
            continue
        if column.target.name in UNIT_NAMES and value is not None:
            value = units.find(value, (name, number, column.name))
            if value is None:
                continue
        elif isinstance(value, str) and column.target.column.closed:
            value, question = read_word(column, value, mapping, (name, number))
            questions += [question] if question else []
        if column.target.name == NAME and project_id in known.by_answer:
            continue
        if column.target.name == PROJECT_ID:
            continue
        if column.target.name == NATURE and value is None:
            value = sheet.values.natures[index]
        words = sheet.values.in_words.get(column.name)
        writer.write(column, value, words[index] if words else None)
    writer.finish()
    questions += complete_project(sheet, index, project_id, records, units, known, once)
    return questions, writer.findings


def read_word(
    column: PlacedColumn, text: str, mapping: ImportMapping, place: tuple[str, int]
) -> tuple[Any, Question | None]:
    """The word of a closed vocabulary that a cell says, else what a person answered, else asked."""
    known = known_words(column.target.column)
    word = known.get(fold_name(text))
    key = f"{column.target.name}/{text}"
    answer = mapping.names.words.get(key)
    word = word or known.get(fold_name(answer or ""))
    if word:
        return word, None
    options = [Option(w.value, w.label) for w in column.target.column.words or ()]
    why = f"“{column.headed.text}”写的“{text}”是哪一种？"
    return None, Question(
        name_key(WORD, key), why, tuple(options), *place, column.name, text, answer
    )


def complete_project(
    sheet: SheetRows,
    index: int,
    project_id: str,
    records: Records,
    units: UnitBook,
    known: Identification,
    once: Mapping[str, str],
) -> list[Question]:
    """What a project has to have: of a known one it stays where a cell is blank, else asked."""
    questions = []
    number, key = sheet.values.numbers[index], (project_id,)
    label = sheet.texts(NAME)[index] or project_id
    for column, target_name in REQUIRED.items():
        if records.get("projects", key, column) is not None:
            continue
        stored = records.stored.row("projects", key)
        if stored:
            records.say("projects", key, column, Said(stored[column], "", number))
            continue
        mapped = sheet.column(target_name)
        if target_name == UNIT and mapped and sheet.texts(UNIT)[index] is not None:
            continue  # its name is asked about
        if target_name == NATURE and mapped and sheet.texts(NATURE)[index] is not None:
            continue
        target = find_target(target_name)
        question_key = name_key(column, label)
        value = answer_required(target, once.get(question_key), sheet.values.natures[index], units)
        if value is None and target:
            questions.append(ask_required(sheet, number, target, question_key, label, units))
        else:
            records.say("projects", key, column, Said(value, "", number))
    return questions


def answer_required(
    target: Target | None, answer: str | None, nature: str | None, units: UnitBook
) -> str | None:
    """What a new project has where its sheet has no such column, or a blank in it."""
    if target is None or target.name == UNIT:
        return answer if answer in units.stored.names else None
    return known_words(target.column).get(fold_name(answer or "")) or nature


def ask_required(
    sheet: SheetRows, number: int, target: Target, key: str, label: str, units: UnitBook
) -> Question:
    if target.name == UNIT:
        options = [Option(unit, name) for unit, name in units.stored.names.items()]
    else:
        options = [Option(word.value, word.label) for word in target.column.words or ()]
    text = f"新项目“{label}”的{target.column.title.removesuffix('编号')}是什么？表里没有写"
    place = sheet.header.sheet.name, number, None, None
    return Question(key, text, tuple(options), *place)
