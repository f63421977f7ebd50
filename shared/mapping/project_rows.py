"""The rows of a mapped sheet: what each says of its project, and what a new project lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import fold_name
from shared.ledger.vocabularies import known_words
from shared.mapping.contributions import RowWriter
from shared.mapping.headers import SheetHeader
from shared.mapping.identities import (
    Identification,
    RowIdentity,
    repeated_names,
    row_label,
)
from shared.mapping.model import ImportMapping, SheetMapping
from shared.mapping.natures import nature_said
from shared.mapping.questions import LEFT_OUT, WORD, Option, Question, name_key
from shared.mapping.records import Records, Said
from shared.mapping.resolution import PlacedColumn
from shared.mapping.sheet_values import SheetValues
from shared.mapping.targets import (
    NAME,
    NATIONAL_CODE,
    NATURE,
    PROJECT_ID,
    REGION,
    UNIT,
    UNIT_NAMES,
    Target,
    find_target,
)
from shared.mapping.unit_book import Place, UnitBook

MAX_PARTS = 1_000  # rows of one project
REQUIRED = {"nature": NATURE, "unit_id": UNIT}  # of a new project


@dataclass(frozen=True)
class SheetRows:
    """A sheet that is read: its columns, its values."""

    header: SheetHeader
    mapping: SheetMapping
    columns: Sequence[PlacedColumn]
    values: SheetValues

    @cached_property
    def nature(self) -> str | None:
        """What its name or its titles say that its projects are."""
        return nature_said(self.header.sheet.name, self.header.titles)

    def nature_of(self, index: int) -> str | None:
        """What the sections above a row say, else the sheet itself."""
        return self.values.natures[index] or self.nature

    def column(self, target: str) -> PlacedColumn | None:
        return next((c for c in self.columns if c.target.name == target), None)

    @cached_property
    def identities(self) -> list[RowIdentity]:
        """What each row says of its project."""
        column, parts = self.column(NAME), (NAME, NATIONAL_CODE, PROJECT_ID, UNIT, REGION)
        place = self.header.sheet.name, column.name if column else None
        rows = zip(self.values.numbers, *map(self.texts, parts), strict=True)
        return [RowIdentity(place[0], number, place[1], *texts) for number, *texts in rows]

    def continued_rows(self) -> Mapping[int, int]:
        """Rows that a merged name makes part of the one above, each with the number of that."""
        column = self.column(NAME)
        return {
            row + 1: top + 1
            for top, left, bottom, right in (self.header.sheet.merged or ())
            if column and left <= column.headed.index <= right and bottom - top < MAX_PARTS
            for row in range(top + 1, bottom + 1)
        }

    @cached_property
    def labels(self) -> Sequence[str | None]:
        """How each row is called in questions, as `row_label` has it."""
        continued = self.continued_rows()
        heads = [row for row in self.identities if row.row not in continued]
        repeated = repeated_names(heads)
        return [row_label(row, repeated) for row in self.identities]

    def unit_names(self, ids: Sequence[str | None]) -> Iterator[tuple[str, Place]]:
        """The names of units in its rows whose project is known, with their places."""
        columns = [column for column in self.columns if column.target.name in UNIT_NAMES]
        for index, number in enumerate(self.values.numbers):
            for column in columns if ids[index] else ():
                value = self.values.values[column.name][index]
                if value is not None and (index, column.name) not in self.values.failed:
                    yield value, (self.header.sheet.name, number, column.name)

    def texts(self, target: str) -> Sequence[str | None]:
        column = self.column(target)
        return self.values.values[column.name] if column else [None] * len(self.values.numbers)


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
    writer = RowWriter(name, project_id, number, records, sheet.mapping.sheet)
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
    questions += writer.questions
    asked, told = complete_project(sheet, index, project_id, records, units, once)
    return [*questions, *asked], [*writer.findings, *told]


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
    once: Mapping[str, str],
) -> tuple[list[Question], list[Finding]]:
    """What a project has to have: of a known one it stays where a cell is blank, else asked."""
    questions, findings = list[Question](), list[Finding]()
    number, key = sheet.values.numbers[index], (project_id,)
    label = sheet.labels[index] or project_id
    for column, target_name in REQUIRED.items():
        if records.get("projects", key, column) is not None:
            continue
        stored = records.stored.row("projects", key)
        if stored:
            records.say("projects", key, column, Said(stored[column], "", number))
            continue
        if sheet.column(target_name) and sheet.texts(target_name)[index] is not None:
            continue  # its name or word is asked about
        question_key = name_key(column, label)
        answer = once.get(question_key) or ""
        target = find_target(target_name)
        if target is None:
            continue
        if target_name == UNIT:
            value = units.choose_or_make(answer, number) if answer else None
        else:
            value = known_words(target.column).get(fold_name(answer))
            if value is None and not answer and (value := sheet.nature_of(index)):
                findings += tell_nature(sheet, index, target)
        if value is None:
            questions.append(ask_required(sheet, number, target, question_key, label, units))
        else:
            records.say("projects", key, column, Said(value, "", number))
    return questions, findings


def tell_nature(sheet: SheetRows, index: int, target: Target) -> Iterator[Finding]:
    """A finding of a new project whose nature only its sheet says."""
    if sheet.values.natures[index] is None and target.column.words:
        word = target.column.words.labels()[sheet.nature or ""]
        number = sheet.values.numbers[index]
        yield build_finding("nature_of_sheet", sheet.header.sheet.name, number, nature=word)


def ask_required(
    sheet: SheetRows, number: int, target: Target, key: str, label: str, units: UnitBook
) -> Question:
    if target.name == UNIT:
        options = [Option(unit, name) for unit, name in units.stored.names.items()]
        options += [Option(unit.unit_id, unit.name) for unit in units.new.values()]
    else:
        options = [Option(word.value, word.label) for word in target.column.words or ()]
    text = f"新项目“{label}”的{target.column.title.removesuffix('编号')}是什么？表里没有写"
    place = sheet.header.sheet.name, number, None, None
    return Question(key, text, (*options, LEFT_OUT), *place)
