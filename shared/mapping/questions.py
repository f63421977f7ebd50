"""Questions that a mapping leaves open, and the answers to them.

An answer is text: an id, `new`, a day, a unit of money, or a meaning of a column such as
`milestones.planned_on;kind=started`. What holds next month as well is kept in the mapping; what
holds for this file alone is kept with the digest of its sheets.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from shared.facts.tables import FACT_COLUMNS
from shared.ledger.sheets import Sheet, cell_text
from shared.mapping.mapping_mistakes import validate_mapping
from shared.mapping.model import ASK, ColumnMapping, ImportMapping, SheetMapping
from shared.mapping.patterns import identify
from shared.mapping.targets import find_target

NEW, SKIP = "new", "skip"
COLUMN, UNIT, PROJECT, WORD, MONEY = "column", "unit", "project", "word", "unit_of_money"
BLANK_MONTHS = "blank_months"
YEAR, AS_OF, NATURE, UNIT_ID = "year", "as_of", "nature", "unit_id"
LASTING = frozenset({COLUMN, UNIT, PROJECT, WORD, MONEY, BLANK_MONTHS})  # what a mapping keeps
KINDS = LASTING | {YEAR, AS_OF, NATURE, UNIT_ID}


@dataclass(frozen=True)
class Option:
    """An answer that may be given, and what it says."""

    value: str
    label: str


LEFT_OUT = Option(SKIP, "不是项目，不导入这一行")


@dataclass(frozen=True)
class Question:
    """What only a person knows: `key` names it in answers, `text` asks it in Chinese.

    `column` is the letter and `value` the cell that it is about; `refused` an answer that was
    given and cannot be. Other answers than the options may be possible, as another id.
    """

    key: str
    text: str
    options: tuple[Option, ...] = ()
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    refused: str | None = None


def name_key(kind: str, *parts: str) -> str:
    return ":".join((kind, *parts))


def refuse_answers(questions: Iterable[Question], answers: Mapping[str, str]) -> Iterator[Question]:
    """The questions, those that an answer leaves open with this answer."""
    for each in questions:
        refused = each.refused or answers.get(each.key)
        yield replace(each, refused=refused) if refused else each


def describe_refusal(question: Question) -> str:
    """What is wrong with a refused answer, by what it should be."""
    choices = "、".join(f"{option.value}（{option.label}）" for option in question.options)
    expected = {
        AS_OF: "日期，如 2022-09-30",
        YEAR: "年份，如 2022",
        MONEY: "金额单位，如 万元",
        COLUMN: "台账的一列，写全它要的，如 milestones.planned_on;kind=started",
        UNIT: "单位的编号或名称，或 new:类别:组别",
        UNIT_ID: "单位的编号或名称，或 new:类别:组别:单位名称",
        PROJECT: "项目的编号、new 或 skip",
    }.get(question.key.partition(":")[0])
    should = "；或 ".join(filter(None, (expected, choices and f"以下之一：{choices}")))
    return f"答得不对：{question.key}={question.refused}，应为{should}"


def digest_sheets(sheets: Iterable[Sheet]) -> str:
    """A digest of the cells of sheets, by which answers for one file know it."""
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(
            repr((sheet.name, [[cell_text(c) for c in row] for row in sheet.rows])).encode()
        )
    return digest.hexdigest()[:16]


def store_answers(mapping: ImportMapping, answers: Mapping[str, str], digest: str) -> ImportMapping:
    """The mapping with answers in it; answers to what it does not ask change nothing.

    Raises MappingMistake where they are more than a mapping holds.
    """
    units, projects = dict(mapping.names.units), dict(mapping.names.projects)
    words = dict(mapping.names.words)
    sheets = {sheet.sheet: sheet for sheet in mapping.sheets}
    once = dict(mapping.once.answers) if mapping.once and mapping.once.file == digest else {}
    for key, answer in answers.items():
        kind, _, rest = key.partition(":")
        if answer == SKIP and kind in (NATURE, UNIT_ID):
            kind = PROJECT  # what a project lacks is asked of a row that is none
        by_kind = {UNIT: units, PROJECT: projects, WORD: words}.get(kind)
        if by_kind is not None:
            by_kind[rest] = answer
        elif kind in (COLUMN, BLANK_MONTHS):
            name, _, header = rest.partition(":")
            said = answer if kind == COLUMN else add_word(sheets.get(name), header, answer)
            if name in sheets:
                sheets[name] = answer_column(sheets[name], header, said)
        elif kind == MONEY and rest in sheets:
            sheets[rest] = sheets[rest].model_copy(update={"unit_of_money": answer})
        elif kind not in LASTING:
            once[key] = answer
    sheet_values = [sheet.model_dump(exclude_unset=True) for sheet in sheets.values()]
    names = mapping.names.model_dump() | {"units": units, "projects": projects, "words": words}
    return validate_mapping(
        mapping.model_dump(exclude_unset=True)
        | {
            "sheets": sheet_values,
            "names": names,
            "once": {"file": digest, "answers": once} if once else None,
        }
    )


def add_word(sheet: SheetMapping | None, header: str, blank_months: str) -> str:
    """The meaning that a column has already, with what its blank months mean."""
    columns = sheet.columns if sheet else ()
    found = next((c for c in columns if identify(c.header) == identify(header)), None)
    return f"{format_meaning(found)};{BLANK_MONTHS}={blank_months}" if found else ""


def answer_column(sheet: SheetMapping, header: str, answer: str) -> SheetMapping:
    """The sheet with the meaning of one column; a meaning that cannot be is left open."""
    asked = identify(header)
    columns = tuple(
        decide_column(column, answer) if identify(column.header) == asked else column
        for column in sheet.columns
    )
    if all(identify(column.header) != asked for column in sheet.columns):
        made = parse_meaning(header, answer)
        columns += (made,) if made else ()
    return sheet.model_copy(update={"columns": columns})


def decide_column(column: ColumnMapping, answer: str) -> ColumnMapping:
    """A column with the meaning of an answer; how it looks in the sheet stays as it is."""
    made = parse_meaning(column.header, answer)
    if made is None:
        return column
    looks = ("months", "years", "unit_of_money")
    kept = {name: getattr(column, name) for name in looks if name not in made.model_fields_set}
    return made.model_copy(update=kept)


def parse_meaning(header: str, meaning: str) -> ColumnMapping | None:
    """The mapping of a column from `milestones.planned_on;kind=started`; None where it is none."""
    first, *rest = (part.strip() for part in meaning.split(";"))
    values: dict[str, Any] = dict(part.split("=", 1) for part in rest if "=" in part)
    key, _, reason = first.partition("=")
    if key == "ignored":
        values["ignored"] = reason or "不导入"
    elif first == ASK or find_target(first):
        values["to"] = first
    else:
        return None
    if "years" in values:
        values["years"] = tuple(
            int(y) for y in values["years"].split(",") if y.lstrip("-").isdecimal()
        )
    try:
        return ColumnMapping.model_validate({"header": header, **values})
    except ValidationError:
        return None


def format_meaning(column: ColumnMapping) -> str:
    """What `parse_meaning` reads: the meaning of a column in one text."""
    said = column.model_dump(
        exclude_defaults=True, mode="json", exclude={"header", "to", "ignored"}
    )
    parts = [column.to or f"ignored={column.ignored or '不导入'}"]
    parts += [
        f"{key}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in said.items()
    ]
    return ";".join(parts)


def describe_meaning(meaning: str) -> str:
    """A meaning for people: `节点·计划日期（开工）`."""
    column = parse_meaning("_", meaning)
    if column is None:
        return meaning
    if column.to is None:
        return f"不导入（{column.ignored}）"
    target = find_target(column.to)
    if target is None:
        return "未定"
    notes = [describe_word(target.table, "kind", column.kind)] if column.kind else []
    notes += [describe_word(target.table, "source", column.source)] if column.source else []
    notes += [describe_word(target.table, "event", column.event)] if column.event else []
    notes += [SPANS[column.span]] if column.span else []
    return target.title + (f"（{'，'.join(notes)}）" if notes else "")


SPANS = {"year": "本年累计", "month": "当月数", "ever": "开工以来累计", "ask": "口径未定"}


def describe_word(table: str, name: str, word: str) -> str:
    if word == ASK:
        return "未定"
    column = next((c for c in FACT_COLUMNS[table] if c.name == name), None)
    labels = column.words.labels() if column and column.words else {}
    return labels.get(word, word)
