"""Files of ledgers, uploaded and exported: what child processes do of them."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from shared.child_processes.errors import ChildKilled
from shared.child_processes.limits import Limits
from shared.facts.packed_facts import LedgerPart, pack_part
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.findings import Finding, build_finding
from shared.ledger.reader import LedgerReading, read_ledger
from shared.ledger.validation import StoredRecords
from shared.ledger.writer import write_ledger
from shared.reference import region_codes


@dataclass(frozen=True)
class UploadReading:
    """What is kept of an uploaded ledger; packed facts only where it has no errors.

    `letters` are those of the columns of each sheet, by heading. Of an office's own sheet there are
    what is asked, and `mapping`: its name and version, the answers for this file alone (`once`),
    the ids that are `new`. `sheets` says in which sheet a table of facts stands.
    """

    errors: int
    warnings: int
    findings: list[dict[str, Any]]
    counts: dict[str, int]
    facts: bytes | None
    letters: Mapping[str, Mapping[str, str]]
    questions: list[dict[str, Any]] | None = None
    mapping: dict[str, Any] | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)

    def located_findings(self) -> list[dict[str, Any]]:
        """The findings, each with the letters of its column, where the file has it."""
        located = []
        for each in self.findings:
            sheet = self.sheets.get(each["sheet"], each["sheet"])
            letter = self.letters.get(sheet, {}).get(each["column"])
            located.append({**each, "sheet": sheet, "column_letter": letter})
        return located


def read_upload(path: Path, name: str, stored: StoredRecords) -> UploadReading:
    """Read an uploaded ledger of this name, and pack its facts if they may be applied."""
    reading = read_ledger(path, region_codes(), stored, name)
    return UploadReading(
        sum(each.count for each in reading.errors),
        sum(each.count for each in reading.warnings),
        [asdict(finding) for finding in reading.findings],
        dict(reading.counts),
        None if reading.errors else pack_reading(reading),
        {table: dict(letters) for table, letters in reading.letters.items()},
    )


def add_findings(reading: UploadReading, found: list[Finding]) -> UploadReading:
    """A reading with what the records say of it; with errors it may not be applied."""
    errors = sum(each.count for each in found if each.level == "error")
    return replace(
        reading,
        errors=reading.errors + errors,
        warnings=reading.warnings + sum(each.count for each in found if each.level == "warning"),
        findings=[*reading.findings, *map(asdict, found)],
        facts=None if errors else reading.facts,
    )


def stopped_reading(
    name: str, limits: Limits, killed: ChildKilled, mapping: dict[str, Any] | None = None
) -> UploadReading:
    """What is kept of a ledger whose reading was stopped at a limit."""
    most = f"{limits.memory // 1_000_000} MB 内存、{limits.processor} 秒处理器时间"
    finding = build_finding("reading_stopped", name, why=killed.detail, most=most)
    counts = {table: 0 for table, kind in FACT_KINDS.items() if not kind.optional}
    return UploadReading(1, 0, [asdict(finding)], counts, None, {}, mapping=mapping)


def build_workbook(facts: Facts) -> bytes:
    """The workbook of facts, to import again."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "ledger.xlsx"
        write_ledger(facts, path)
        return path.read_bytes()


def pack_reading(reading: LedgerReading) -> bytes:
    """Pack what a file says, and where it says it."""
    return pack_part(LedgerPart(reading.facts, reading.headers, reading.numbers))
