"""Invented sheets, read by what is suggested and what an oracle answers; what is wrong is counted.

    python -m tests.shared.mapping.invented_sheets 40 --seed 1

prints the share of columns suggested rightly, the share of cells right after confirmation, and what
was wrong without a question.
"""

import argparse
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from shared.facts.tables import Facts
from shared.ledger.files import read_sheets
from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part
from shared.mapping.export import lay_out
from shared.mapping.layout_writer import write_layouts
from shared.mapping.mapped_reading import MappedReading, read_mapped
from shared.mapping.model import ImportMapping
from shared.mapping.patterns import make_pattern
from shared.mapping.proposal import propose_mapping
from shared.mapping.questions import Question
from tests.shared.mapping.invented_layouts import Column, Layout, invent_layout
from tests.shared.mapping.invented_ledger import (
    YEAR,
    KnownProject,
    invent_ledger,
    known_value,
    store,
)
from tests.shared.mapping.invented_words import IGNORED, OF_MONTH, SINCE_START, UNIT_CALLS
from tests.shared.mapping.invented_workbooks import write_layout

MOST_ROUNDS = 8


@dataclass
class Score:
    """Columns and cells of invented sheets by how they came out."""

    sheets: int = 0
    columns: int = 0
    right: int = 0
    asked_right_first: int = 0
    asked: int = 0
    cells: int = 0
    right_cells: int = 0
    questions: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    wrong_cells: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def score_sheet(seed: int, score: Score, folder: Path) -> None:
    """Invent one sheet, and read it as a person would with all the answers."""
    random = Random(seed)
    ledger = invent_ledger(random)
    layout = invent_layout(random, ledger)
    path = folder / f"{seed}.xlsx"
    write_layout(layout, path)
    sheets, _ = read_sheets(path)
    known = random.choice((0, len(ledger.projects) // 2, len(ledger.projects)))
    stored = store(ledger, list(ledger.projects[:known]))
    proposal = propose_mapping(sheets)
    score.sheets += 1
    if proposal.mapping is None:
        score.unread.append(f"{seed}: no header")
        return
    (suggestions,) = proposal.suggestions.values()
    by_letter = {each.column.index: each for each in suggestions}
    for index, column in enumerate(layout.columns):
        score.columns += 1
        each = by_letter.get(index)
        if each is None:
            score.wrong.append(f"{seed}: {column.path} is in no column")
        elif each.is_sure and same_meaning(each.meanings[0], column.meaning):
            score.right += 1
        elif each.is_sure:
            score.wrong.append(f"{seed}: {column.path} as {each.meanings[0]}")
        else:
            score.asked += 1
            score.asked_right_first += same_meaning(each.meanings[0], column.meaning)
    try:
        reading = answer_all(proposal.mapping, sheets, stored, layout, score)
    except AssertionError as error:
        score.unread.append(f"{seed}: {error}")
        return
    if not reading.is_ready:
        score.unread.append(f"{seed}: {[*reading.questions[:2], *map(str, reading.errors[:2])]}")
        return
    facts = merge_part(reading.part, stored)
    check_cells(seed, layout, facts, score)
    check_export(seed, reading.mapping, facts, layout, folder, score)


def same_meaning(suggested: str, right: str) -> bool:
    """Whether two meanings are one, but for why a column is ignored."""
    if right == IGNORED:
        return suggested.startswith(IGNORED)
    notes = {"progress.note", "progress.physical_pct"}
    if {suggested, right} <= notes:
        return True
    return suggested == right


def answer_all(
    mapping: ImportMapping, sheets: list[Sheet], stored: Facts, layout: Layout, score: Score
) -> MappedReading:
    """Answer what is asked until nothing is."""
    reading = read_mapped(mapping, sheets, stored)
    for _ in range(MOST_ROUNDS):
        if not reading.questions:
            break
        score.questions += len(reading.questions)
        answers = {each.key: answer(each, layout) for each in reading.questions}
        reading = read_mapped(reading.mapping, sheets, stored, answers)
    return reading


def answer(question: Question, layout: Layout) -> str:
    """What the oracle knows."""
    kind, _, rest = question.key.partition(":")
    ledger = layout.ledger
    match kind:
        case "column":
            header = rest.partition(":")[2]
            column = find_column(layout, header, question.column or "")
            if column.meaning == IGNORED:
                return "ignored=不导入"
            return column.meaning
        case "unit":
            called = {UNIT_CALLS.get(n, n): key for key, n in ledger.units.items()}
            return called[rest]
        case "unit_of_money":
            return layout.unit
        case "year":
            return str(YEAR)
        case "as_of":
            return str(ledger.as_of)
        case "nature":
            return project_of(layout, rest).nature
        case "unit_id":
            return project_of(layout, rest).unit_id
        case "project":
            keys = {option.value for option in question.options}
            own = project_of(layout, rest.partition("@")[0]).project_id
            names = {o.value: o.label for o in question.options}
            return own if names.get(own) == project_of(layout, rest).name and own in keys else "new"
    raise AssertionError(question)


def find_column(layout: Layout, header: str, letter: str) -> Column:
    index = ord(letter) - ord("A") if len(letter) == 1 else 26 + ord(letter[1]) - ord("A")
    column = layout.columns[index]
    pattern = make_pattern([text.replace(" ", "") for text in column.path])
    if pattern != header.partition(" #")[0]:
        raise AssertionError(f"{header} is not {pattern}")
    return column


def project_of(layout: Layout, name: str) -> KnownProject:
    return next(p for p in layout.ledger.projects if p.name == name)


def check_cells(seed: int, layout: Layout, facts: Facts, score: Score) -> None:
    """Compare what came of each cell with what was known."""
    stored = {row["name"]: row for row in facts.tables["projects"].to_pylist()}
    units = {row["unit_id"] for row in facts.tables["units"].to_pylist()}
    if units != set(layout.ledger.units):
        score.wrong_cells.append(f"{seed}: units {units}")
    for project in layout.ledger.projects:
        row = stored.get(project.name)
        for column in layout.columns:
            if column.meaning == IGNORED:
                continue
            score.cells += 1
            expected = expected_value(column, project)
            found = found_value(facts, row["project_id"] if row else "", column)
            if found == expected:
                score.right_cells += 1
            else:
                place = f"{seed}: {project.name} {column.path} {column.month}"
                score.wrong_cells.append(f"{place}: {found!r}, not {expected!r}")
    if len(stored) != len(layout.ledger.projects):
        score.wrong_cells.append(f"{seed}: {len(stored)} projects")


def expected_value(column: Column, project: KnownProject) -> object:
    if column.meaning in (OF_MONTH, SINCE_START):
        return project.done[column.month]
    return known_value(project, column.meaning, column.month)


def found_value(facts: Facts, project_id: str, column: Column) -> object:
    """The value of a cell's fact in the ledger."""
    if column.meaning == "milestones.period":
        ends = (f"milestones.planned_on;kind={kind}" for kind in ("started", "completed"))
        return tuple(found_value(facts, project_id, replace(column, meaning=m)) for m in ends)
    table, _, rest = column.meaning.partition(".")
    name, *more = rest.split(";")
    kind = next((part.partition("=")[2] for part in more if part.startswith("kind=")), None)
    for row in facts.tables[table].to_pylist():
        if row["project_id"] != project_id or (kind and row["kind"] != kind):
            continue
        if table == "progress" and row["as_of"].month != column.month:
            continue
        if row[name] is not None or table != "progress":
            return row[name]
    return None


def check_export(
    seed: int, mapping: ImportMapping, facts: Facts, layout: Layout, folder: Path, score: Score
) -> None:
    """Write the sheet back and read it by the same mapping: nothing may change, nor be asked."""
    path = folder / f"{seed}-back.xlsx"
    write_layouts(lay_out(mapping, facts, layout.ledger.as_of), path)
    sheets, _ = read_sheets(path)
    again = read_mapped(mapping, sheets, facts)
    score.again += 1
    asked = [q.key for q in again.questions if q.key.split(":")[0] not in ("as_of", "year")]
    if asked:
        score.wrong_cells.append(f"{seed}: asked again {asked}")
    for change in compare_part(again.part, facts):
        if change.new or change.changed:
            told = [*change.new[:2], *change.changed[:2]]
            score.wrong_cells.append(f"{seed}: written back {change.table} {told}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    score = Score()
    with tempfile.TemporaryDirectory() as folder:
        for i in range(chosen.count):
            score_sheet(chosen.seed * 10_000 + i, score, Path(folder))
    say(f"sheets {score.sheets}, columns {score.columns}, questions {score.questions}")
    suggested = score.right + score.asked_right_first
    say(f"columns suggested rightly: {suggested / score.columns:.1%}")
    say(f"columns taken rightly without a question: {score.right / score.columns:.1%}")
    first = score.asked_right_first / max(score.asked, 1)
    say(f"columns asked: {score.asked / score.columns:.1%}, the right one first: {first:.1%}")
    say(f"cells right after confirmation: {score.right_cells}/{score.cells}")
    say(f"wrong without a question: {len(score.wrong)}")
    for line in [*score.wrong, *score.unread, *score.wrong_cells[:40]]:
        say(f"  {line}")


def say(text: str) -> None:
    import sys

    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
