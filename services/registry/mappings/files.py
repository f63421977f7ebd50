"""Own sheets in files: what child processes do of them, pure but for the files."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from shared.facts.packed_facts import pack_part
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts, sheet_title
from shared.ledger.files import read_sheets
from shared.ledger.findings import Finding, redact_secret_rows
from shared.ledger.headings import cell_at
from shared.ledger.sheets import SheetRow, cell_text, is_blank
from shared.mapping.export import lay_out, lay_out_notes
from shared.mapping.headers import SheetHeader, read_header
from shared.mapping.layout_writer import write_layouts
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.model import ImportMapping
from shared.mapping.own_projects import tell_belonging
from shared.mapping.proposal import name_mapping, propose_mapping
from shared.mapping.questions import COLUMN, Question, describe_meaning, name_key, parse_meaning
from shared.mapping.sheet_values import MappedColumn, read_values
from shared.mapping.suggestion import Suggestion
from shared.mapping.targets import Target, find_target, list_needs, list_targets
from shared.mapping.vocabulary import NOT_READ
from shared.reference import region_codes

MAX_SAMPLES, SAMPLE_LENGTH = 5, 60  # cells of a column, characters of each
SPANS = ("year", "month", "ever")


@dataclass(frozen=True)
class KnownMapping:
    """A mapping of an office, and the shapes of headers by which its sheets are known."""

    name: str
    shapes: tuple[str, ...]


@dataclass(frozen=True)
class SheetReading:
    """What a file says by a mapping; packed facts only where nothing is open or wrong.

    `mapping` has the answers that hold next time as well, `once` those for this file alone. `new`
    are the ids that the file's new records would get, `labels` those of rows that no name tells
    apart, `named` those that each sheet of the mapping names. `sheets` says from which sheet a
    table comes, where only one was read.
    """

    findings: list[Finding]
    questions: list[dict[str, Any]]
    counts: dict[str, int]
    facts: bytes | None
    letters: Mapping[str, Mapping[str, str]]
    sheets: Mapping[str, str]
    mapping: dict[str, Any]
    once: dict[str, str]
    new: dict[str, list[str]]
    labels: dict[str, str]
    named: dict[str, list[str]]


def recognise_mapping(path: Path, name: str, known: Sequence[KnownMapping]) -> str | None:
    """The mapping that most sheets of a file are known by, of several the first."""
    sheets, _ = read_sheets(path, name)
    shapes = {header.shape for sheet in sheets if (header := read_header(sheet))}
    return find_known(shapes, known)


def find_known(shapes: Iterable[str], known: Sequence[KnownMapping]) -> str | None:
    matched = {each.name: len({*shapes} & {*each.shapes}) for each in known}
    best = max(matched, key=lambda name: matched[name], default=None)
    return best if best and matched[best] else None


def read_by_mapping(
    path: Path,
    name: str,
    document: Mapping[str, Any],
    answers: Mapping[str, str],
    facts: Facts,
) -> SheetReading:
    """Read a file by a mapping and answers, beside what an office has stored."""
    sheets, of_file = read_sheets(path, name)
    kept = ImportMapping.model_validate(document)
    reading = read_mapped(kept, sheets, facts, answers, region_codes())
    read = {*reading.letters}
    of_table = dict.fromkeys(FACT_KINDS, next(iter(read))) if len(read) == 1 else {}
    findings = redact_secret_rows([*of_file, *reading.findings])
    secret = {each.row for each in findings if each.code == "secret_project"}
    questions = [each for each in reading.questions if not each.row or each.row not in secret]
    is_ready = not questions and all(each.level != "error" for each in findings)
    mapping, once = reading.mapping, reading.mapping.once
    return SheetReading(
        findings,
        [question_document(each) for each in questions],
        {table: reading.part.facts.tables[table].num_rows for table in reading.part.tables},
        pack_part(reading.part) if is_ready else None,
        reading.letters,
        of_table,
        mapping.model_copy(update={"once": None}).model_dump(mode="json", exclude_defaults=True),
        dict(once.answers) if once else {},
        new_ids(reading.part.facts, facts),
        dict(reading.new_labels),
        {sheet: list(ids) for sheet, ids in reading.named.items()},
    )


def new_ids(said: Facts, stored: Facts) -> dict[str, list[str]]:
    """The ids in a file that no stored record has, of the kinds that have ids."""
    found = {}
    for name, kind in FACT_KINDS.items():
        if len(kind.key) == 1:
            ids = said.tables[name][kind.key[0]].to_pylist()
            known = {*stored.tables[name][kind.key[0]].to_pylist()}
            found[name] = [each for each in ids if each not in known]
    return {name: ids for name, ids in found.items() if ids}


def suggest_mapping(
    path: Path, name: str, facts: Facts, known: Sequence[KnownMapping]
) -> dict[str, Any]:
    """What a file may be, as JSON; where it is nothing, findings say why."""
    sheets, of_file = read_sheets(path, name)
    proposed = name_mapping(Path(name).stem)
    proposal = propose_mapping(sheets, proposed)
    headers = [header for sheet in sheets if (header := read_header(sheet))]
    found: dict[str, Any] = {
        "recognised": find_known({header.shape for header in headers}, known),
        "name": proposed,
        "document": None,
        "sheets": [],
        "questions": [],
        "meanings": [],
        "findings": [finding_document(each) for each in (*of_file, *proposal.findings)],
    }
    if proposal.mapping is None:
        return found
    reading = read_mapped(proposal.mapping, sheets, facts)
    by_name = {header.sheet.name: header for header in headers}
    return found | {
        "document": proposal.mapping.model_dump(mode="json", exclude_defaults=True),
        "sheets": [
            sheet_document(by_name[sheet], suggestions)
            for sheet, suggestions in proposal.suggestions.items()
        ],
        "questions": [question_document(each) for each in reading.questions],
        "meanings": [meaning_document(each) for each in list_meanings()],
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"sheet_title": sheet_title(finding.sheet)}


def sheet_document(header: SheetHeader, suggestions: Sequence[Suggestion]) -> dict[str, Any]:
    mapped = [each for suggestion in suggestions if (each := mapped_column(suggestion))]
    numbers = read_values(header, mapped).numbers  # without sections, totals and signatures
    rows = [header.sheet.rows[number - 1] for number in numbers]
    return {
        "sheet": header.sheet.name,
        "titles": list(header.titles),
        "header_row": header.first + 1,
        "rows": len(rows),
        "columns": [column_document(header.sheet.name, each, rows) for each in suggestions],
    }


def mapped_column(suggestion: Suggestion) -> MappedColumn | None:
    """A column by what it is likeliest, where that is something."""
    likeliest = suggestion.meanings[0] if suggestion.meanings else ""
    mapped = parse_meaning(suggestion.column.pattern, likeliest)
    target = find_target(mapped.to) if mapped and mapped.to else None
    return MappedColumn(suggestion.column, mapped, target) if mapped and target else None


def column_document(sheet: str, suggestion: Suggestion, rows: Sequence[SheetRow]) -> dict[str, Any]:
    column = suggestion.column
    cells = (cell_at(row, column.index) for row in rows)
    texts = dict.fromkeys(cell_text(cell)[:SAMPLE_LENGTH] for cell in cells if not is_blank(cell))
    return {
        "key": name_key(COLUMN, sheet, column.pattern),
        "column_letter": column.letter,
        "headings": list(column.path),
        "samples": list(texts)[:MAX_SAMPLES],
        "meanings": [meaning_document(each) for each in suggestion.meanings],
        "confidence": suggestion.confidence,
        "is_sure": suggestion.is_sure,
    }


def question_document(question: Question) -> dict[str, Any]:
    document = asdict(question)
    return {**document, "options": list(document["options"]), "column_letter": question.column}


def meaning_document(meaning: str) -> dict[str, str]:
    return {"value": meaning, "label": describe_meaning(meaning)}


def list_meanings() -> list[str]:
    """All that a column may be: the targets, each with the words that it needs beside it."""
    return [*(each for target in list_targets() for each in target_meanings(target)), NOT_READ]


def target_meanings(target: Target) -> list[str]:
    columns = {column.name: column for column in FACT_COLUMNS[target.table]}
    choices = [
        [f"{name}={word}" for word in (SPANS if name == "span" else columns[name].words or ())]
        for name in list_needs(target)
    ]
    return [";".join((target.name, *chosen)) for chosen in product(*choices)]


def build_layout(document: Mapping[str, Any], facts: Facts, as_of: date) -> bytes:
    """The workbook of an office's own layout with the figures of a day, and notes about it."""
    mapping = ImportMapping.model_validate(document)
    layouts = lay_out(mapping, facts, as_of)
    layouts += lay_out_notes(tell_belonging(mapping, facts), layouts)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "layout.xlsx"
        write_layouts(layouts, path)
        return path.read_bytes()
