"""Identities: which project of the ledger a row is; else a question.

A project is known by its national code, else by its exact name; what is only alike, or twice there,
is asked about. Pure: what is stored, and what a person has answered, is told.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.mapping.likeness import LikeNames, bare_name, fold_project
from shared.mapping.model import Names
from shared.mapping.questions import LEFT_OUT, NEW, PROJECT, SKIP, Option, Question, name_key

ID_PATTERN = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)")


@dataclass(frozen=True)
class RowIdentity:
    """What a row says of its project; `place` tells rows of one name apart."""

    sheet: str
    row: int
    letter: str | None
    name: str | None
    national_code: str | None = None
    project_id: str | None = None
    place: str | None = None
    region: str | None = None


@dataclass
class Identification:
    """What is found: the id of each row, None where it is asked; the ids that are new.

    `labels` are new ones that no name tells from others: answers name their ids from now on.
    `clashes` are rows that cannot be told from an earlier one; `skipped` those that are no project.
    """

    ids: list[str | None] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    by_answer: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    clashes: list[tuple[RowIdentity, RowIdentity]] = field(default_factory=list)
    skipped: list[RowIdentity] = field(default_factory=list)


@dataclass(frozen=True)
class StoredNames:
    """The names of what is stored, by id and folded name."""

    names: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)

    def by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, name in self.names.items():
            found[fold_project(name)].append(key)
        return found


def next_ids(stored: Iterable[str], prefix: str) -> Iterable[str]:
    """Ids that follow those of an office in its own pattern: P013 after P012."""
    by_pattern: dict[tuple[str, int], list[int]] = defaultdict(list)
    taken = set(stored)
    for key in taken:
        match = ID_PATTERN.fullmatch(key)
        if match:
            by_pattern[match["prefix"], len(match["number"])].append(int(match["number"]))
    width = 3 if prefix == "P" else 2
    if by_pattern:
        (prefix, width), _ = max(by_pattern.items(), key=lambda each: (len(each[1]), each[0]))
    number = max(by_pattern.get((prefix, width), [0]))
    while True:
        number += 1
        key = f"{prefix}{number:0{width}d}"
        if key not in taken:
            yield key


def identify_projects(
    rows: Sequence[RowIdentity], stored: StoredNames, names: Names
) -> Identification:
    """The project of each row."""
    found = Identification()
    own_ids = (row.project_id for row in rows if row.project_id)
    by_name, new_ids = stored.by_name(), iter(next_ids((*stored.names, *own_ids), "P"))
    by_code = {code: key for key, code in stored.codes.items() if code}
    answers = {fold_answer(name): key for name, key in names.projects.items()}
    repeated, clashes = repeated_names(rows), find_clashes(rows)
    alike = LikeNames({key: bare_name(name) for key, name in stored.names.items()})
    taken: dict[str, RowIdentity] = {}
    for row in rows:
        label = row_label(row, repeated)
        answer = answers.get(fold_answer(label)) if label else None
        key, question = None, None
        if answer == SKIP:
            found.skipped.append(row)
        elif row.project_id and row.project_id in stored.names:
            key = row.project_id
        elif row.national_code and row.national_code in by_code:
            key = by_code[row.national_code]
        elif label is None or row in clashes:
            found.clashes += [(row, clashes[row])] if row in clashes else []
        elif answer == NEW:
            folded = fold_project(row.name or "")
            exact = [] if folded in repeated else by_name.get(folded, [])
            key = exact[0] if len(exact) == 1 and exact[0] not in taken else NEW
        elif answer is not None and answer in stored.names:
            key = answer
            found.by_answer.add(answer)
        else:
            key, question = match_name(row, label, stored, by_name, alike, repeated)
            if question and answer is not None:
                question = replace(question, refused=answer)
        if key == NEW:
            key = row.project_id or next(new_ids)
            found.new.add(key)
            if label and label != row.name:
                found.labels[label] = key
        elif key is not None and key in taken:
            why = f"与第{taken[key].row}行是同一个项目"
            question = ask_project(row, label or key, stored, [key], why)
            question = replace(question, refused=answer)
            key = None
        if key is not None:
            taken[key] = row
        if question:
            found.questions.append(question)
        found.ids.append(key)
    return found


def repeated_names(rows: Sequence[RowIdentity]) -> frozenset[str]:
    """The names that several rows have."""
    seen: dict[str, int] = defaultdict(int)
    for row in rows:
        seen[fold_project(row.name or "")] += 1
    return frozenset(name for name, count in seen.items() if count > 1)


def find_clashes(rows: Sequence[RowIdentity]) -> dict[RowIdentity, RowIdentity]:
    """Rows that nothing tells from an earlier one: of its name, unit and no code."""
    first: dict[object, RowIdentity] = {}
    found = {}
    for row in rows:
        if row.name and not (row.national_code or row.project_id):
            same = fold_project(row.name), fold_project(row.place or "")
            earlier = first.setdefault(same, row)
            if earlier is not row:
                found[row] = earlier
    return found


def row_label(row: RowIdentity, repeated: frozenset[str]) -> str | None:
    """How a row is called in answers: its name, with its place where several have the name."""
    if not row.name:
        return None
    if fold_project(row.name) not in repeated:
        return row.name
    return f"{row.name}@{row.place or row.national_code or row.project_id or ''}"


def fold_answer(label: str) -> str:
    return fold_project(label)


def match_name(
    row: RowIdentity,
    label: str,
    stored: StoredNames,
    by_name: Mapping[str, list[str]],
    alike: LikeNames,
    repeated: frozenset[str],
) -> tuple[str | None, Question | None]:
    """The project of exactly this name, else a question about those alike, else a new one."""
    exact = by_name.get(fold_project(row.name or ""), [])
    if fold_project(row.name or "") in repeated:
        return None, ask_project(row, label, stored, exact, "有几行是这个名称")
    if len(exact) == 1:
        code = stored.codes.get(exact[0])
        if code and row.national_code and code != row.national_code:
            return None, ask_project(row, label, stored, exact, "名称相同，项目代码不同")
        region = stored.regions.get(exact[0])
        if region and row.region and not region.startswith(row.region.rstrip("0")):
            return None, ask_project(row, label, stored, exact, "名称相同，行政区划不同")
        return exact[0], None
    if exact:
        return None, ask_project(row, label, stored, exact, "已有几个项目是这个名称")
    if like := alike.rank(bare_name(row.name or "")):
        return None, ask_project(row, label, stored, like, "与已有的项目名称相近")
    return NEW, None


def ask_project(
    row: RowIdentity, label: str, stored: StoredNames, keys: Sequence[str], why: str
) -> Question:
    options = [Option(key, stored.names.get(key, key)) for key in keys]
    return Question(
        name_key(PROJECT, label),
        f"“{row.name}”是哪个项目？{why}",
        (*options, Option(NEW, "新项目"), LEFT_OUT),
        row.sheet,
        row.row,
        row.letter,
        row.name,
    )
