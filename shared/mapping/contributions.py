"""What the cells of one row say of its project, column by column, as records."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.ledger.cells import BLANK_WORDS
from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import fold_name
from shared.mapping.intervals import parse_interval
from shared.mapping.periods import Period
from shared.mapping.questions import BLANK_MONTHS, Option, Question, name_key
from shared.mapping.records import Records, Said
from shared.mapping.resolution import PlacedColumn
from shared.mapping.targets import CURVE, FUNDS, INVESTED, PERCENT, PERIOD, PROBLEMS

NO_PROBLEM = BLANK_WORDS | {"没有", "无问题", "暂无问题", "不存在问题", "无存在问题"}
PROBLEM_SEPARATOR = "；"


@dataclass
class RowWriter:
    """Writes the records of one row; sums of months and differences wait for the whole row."""

    sheet: str
    project_id: str
    row: int
    records: Records
    mapping_name: str = ""
    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    months: dict[int, dict[int, tuple[int | None, PlacedColumn]]] = field(default_factory=dict)
    curve: dict[int, dict[int, tuple[int | None, PlacedColumn]]] = field(default_factory=dict)
    ever: list[tuple[PlacedColumn, int]] = field(default_factory=list)

    def write(self, column: PlacedColumn, value: Any, in_words: str | None) -> None:
        """Write what one cell says."""
        target = column.target
        match target.name:
            case name if name == PERIOD:
                self.write_interval(column, value)
            case name if name == PROBLEMS:
                self.write_problems(column, value)
            case name if name == FUNDS:
                self.write_fund(column, value)
            case name if name == CURVE:
                month = column.headed.period.month if column.headed.period else None
                if month and column.year:
                    self.curve.setdefault(column.year, {})[month] = value, column
            case name if name == INVESTED and column.mapping.span == "month":
                if column.day:
                    self.months.setdefault(column.day.year, {})[column.day.month] = value, column
            case name if name == INVESTED and column.mapping.span == "ever":
                if value is not None:
                    self.ever.append((column, value))
            case name if name == PERCENT:
                self.write_percent(column, value, in_words)
            case _:
                self.say(column, target.column.name, value)

    def say(self, column: PlacedColumn, name: str, value: Any, kind: str | None = None) -> None:
        key = record_key(self.project_id, column, kind)
        if column.target.table == "milestones" and self.is_revised(column, key[1], name, value):
            return
        if column.target.table == "permits" and self.is_in_parts(column, key[1], value):
            return
        said = Said(value, column.headed.text, self.row, self.sheet)
        self.records.say(column.target.table, key, name, said)

    def is_revised(self, column: PlacedColumn, kind: str, name: str, value: Any) -> bool:
        """Whether a date has been revised: then it moves by another revision, not by a sheet."""
        stored = self.records.stored
        if all(row["decided_on"] is None for row in stored.milestones(self.project_id, kind)):
            return False
        current = stored.current_milestone(self.project_id, kind, name)
        if value != current:
            self.tell("date_revised", column, str(value or ""), current=current or "空白")
        return True

    def is_in_parts(self, column: PlacedColumn, kind: str, value: Any) -> bool:
        """Whether a permit is stored in parts, of which a sheet cannot say which it means."""
        stored = self.records.stored.of_project("permits", self.project_id)
        parts = [row["stage"] for row in stored if row["kind"] == kind and row["stage"]]
        if parts and value is not None:
            self.tell("permit_in_parts", column, str(value), parts="、".join(parts))
        return bool(parts)

    def write_percent(self, column: PlacedColumn, value: Any, in_words: str | None) -> None:
        """A percentage, or words that are the note; what the cell does not say stays."""
        if in_words is None:
            self.say(column, "physical_pct", value)
            return
        record = self.records.said.get("progress", {}).get((self.project_id, column.day), {})
        before = record.pop("note", None)
        note = f"{before.value}；{in_words}" if before and before.value else in_words
        self.say(column, "note", note)

    def write_interval(self, column: PlacedColumn, text: str | None) -> None:
        if text is None or fold_name(text) in BLANK_WORDS:
            return
        found = parse_interval(text)
        if found.code:
            self.tell(found.code, column, text)
        if found.start and found.end and found.code is None:
            self.say(column, "planned_on", found.start, "started")
            self.say(column, "planned_on", found.end, "completed")

    def write_problems(self, column: PlacedColumn, text: str | None) -> None:
        """Problems by their words; the same words next month are the same problem."""
        if text is None or fold_name(text) in NO_PROBLEM:
            return
        stored = self.records.stored.of_project("problems", self.project_id)
        known = {fold_name(row["summary"]): row["problem_id"] for row in stored if row["summary"]}
        for piece in split_problems(text, known):
            folded = fold_name(piece)
            digest = hashlib.sha256(folded.encode()).hexdigest()[:6]
            key = (known.get(folded) or f"{self.project_id}-{digest}",)
            for name, value in (("project_id", self.project_id), ("summary", piece)):
                self.records.say(
                    "problems", key, name, Said(value, column.headed.text, self.row, self.sheet)
                )
            category = column.mapping.category
            if category and folded not in known:
                said = Said(category, column.headed.text, self.row, self.sheet)
                self.records.say("problems", key, "category", said)

    def write_fund(self, column: PlacedColumn, amount: int | None) -> None:
        """What came since the funds that are stored: the column says all of them to its day."""
        if amount is None or column.day is None:
            return
        source, event = column.mapping.source, column.mapping.event
        same = [
            row
            for row in self.records.stored.of_project("funds", self.project_id)
            if (row["source"], row["event"]) == (source, event) and row["on"]
        ]
        before = sum(row["amount_yuan"] or 0 for row in same if row["on"] < column.day)
        until = before + sum(row["amount_yuan"] or 0 for row in same if row["on"] == column.day)
        if amount < before:
            self.tell("cumulative_falls", column, str(amount), before=before)
        elif amount != until:
            row = {
                "project_id": self.project_id,
                "source": source,
                "event": event,
                "amount_yuan": amount - before,
                "on": column.day,
            }
            self.records.whole.setdefault("funds", []).append((row, self.row))

    def finish(self) -> None:
        """Write what hangs on several cells: sums of months, curves, what is beyond other years."""
        for months in self.months.values():
            self.write_sums(months)
        for months in self.curve.values():
            self.write_curve(months)
        for column, value in self.ever:
            prior = self.records.get("plans", (self.project_id, column.year), "prior_invested_yuan")
            if prior is None:
                self.tell("prior_unknown", column, str(value))
            elif value < prior:
                self.tell("cumulative_falls", column, str(value), before=prior)
            else:
                self.say_sum(column, value - prior)

    def say_sum(self, column: PlacedColumn, total: int) -> None:
        """Say what is reckoned; where another cell says it itself, only tell of a difference."""
        record = self.records.said.get("progress", {}).get((self.project_id, column.day), {})
        said = record.get("invested_ytd_yuan")
        if said is None or said.value is None:
            self.say(column, "invested_ytd_yuan", total)
        elif said.value != total:
            self.tell("sum_differs", column, None, total=total, said=said.value)

    def write_sums(self, months: Mapping[int, tuple[int | None, PlacedColumn]]) -> None:
        """The sums from January on, or from the month before that is stored."""
        total: int | None = 0
        last = max((month for month, (value, _) in months.items() if value is not None), default=0)
        for month in range(1, last + 1):
            value, column = months.get(month, (None, None))
            if column is None:
                total = self.stored_until(month, months)
            elif value is None:
                if column.mapping.blank_months is None:
                    self.ask_blank_month(column)
                    return
                total = total if column.mapping.blank_months == "zero" else None
            elif total is not None:
                total += value
                self.say_sum(column, total)
            else:
                # Beside the sum that another cell says, a month alone is not kept.
                code = "month_not_kept" if self.is_said(column) else "months_missing"
                self.tell(code, column, str(value))

    def ask_blank_month(self, column: PlacedColumn) -> None:
        """Ask what a blank month before one that is filled means."""
        key = name_key(BLANK_MONTHS, self.mapping_name, column.mapping.header)
        options = Option("zero", "没有完成投资"), Option("unknown", "不知道，后面的月份不导入")
        text = f"“{column.headed.text}”空着，后面的月份有数，空着的是什么意思？"
        place = self.sheet, self.row, column.name, None
        self.questions.append(Question(key, text, options, *place))

    def stored_until(self, month: int, months: Mapping[int, Any]) -> int | None:
        """What is stored of the end of a month that the sheet has no column for."""
        days = [column.day for _, column in months.values() if column.day]
        end = Period(days[0].year, month).end(None) if days else None
        amount: int | None = self.records.get(
            "progress", (self.project_id, end), "invested_ytd_yuan"
        )
        return amount

    def is_said(self, column: PlacedColumn) -> bool:
        record = self.records.said.get("progress", {}).get((self.project_id, column.day), {})
        return "invested_ytd_yuan" in record

    def write_curve(self, months: Mapping[int, tuple[int | None, PlacedColumn]]) -> None:
        """The curve of a year: all twelve months, or none."""
        if any(value is not None for value, _ in months.values()):
            total = 0
            some = next(column for _, column in months.values())
            if len(months) < 12 or any(value is None for value, _ in months.values()):
                self.tell("curve_incomplete", some, None)
                return
            for month, (value, column) in sorted(months.items()):
                total = total + (value or 0) if column.mapping.span == "month" else value or 0
                self.say(column, f"m{month:02}", total)

    def tell(self, code: str, column: PlacedColumn, value: str | None, **details: Any) -> None:
        text = column.headed.text
        self.findings.append(build_finding(code, self.sheet, self.row, text, value, **details))


def record_key(project_id: str, column: PlacedColumn, kind: str | None) -> tuple[Any, ...]:
    """The key of the record that a cell is about."""
    kind = kind or column.mapping.kind
    match column.target.table:
        case "plans":
            return project_id, column.year
        case "progress":
            return project_id, column.day
        case "milestones" | "permits":
            return project_id, kind, None
        case _:
            return (project_id,)


def split_problems(text: str, known: Mapping[str, str]) -> Sequence[str]:
    """The problems of a cell: one, but where it is several that are known, or lines."""
    if fold_name(text) in known:
        return [text.strip()]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines
    pieces = [piece.strip() for piece in text.split(PROBLEM_SEPARATOR) if piece.strip()]
    return pieces if any(fold_name(piece) in known for piece in pieces) else [text.strip()]
