"""The scheme of a command with its lights, and the targets and marks entered for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.cli.console.terminal import ERR
from services.scoring.engine.points.dated_entries import (
    NOTHING_ENTERED,
    DatedEntries,
    UnusedEntry,
    unused_entries_document,
)
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights

MAX_EXAMPLES = 10  # units that are named of those whose entries were not used
KIND_LABELS = {"target": "目标", "mark": "打分"}


@dataclass(frozen=True)
class EnteredOption:
    """The entries that a command computes with, and those that it has no use for."""

    entries: ManualEntries = NO_ENTRIES
    unused: Sequence[UnusedEntry] = ()

    def tell_unused(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """A document that also says what was entered and not used, where there is such."""
        return add_unused_entries(document, self.unused)


def find_scheme_and_lights(name: str) -> tuple[Scheme, Lights]:
    """A scheme with its lights. Raises SchemeMistake, which `main` turns into exit 2."""
    scheme = find_scheme(name)
    return scheme, resolve_lights(scheme)


def read_entries_option(
    path: Path | None, scheme: Scheme, preset: Lights, units: Collection[str]
) -> DatedEntries:
    """The entries of a file, if any. Raises EnteredMistake, which `main` turns into exit 2."""
    if path is None:
        return NOTHING_ENTERED
    return read_manual_entries(path, preset.metrics_by_id(scheme.metrics_by_id), units)


def resolve_entries_option(
    path: Path | None,
    scheme: Scheme,
    preset: Lights,
    units: Collection[str],
    as_of: date,
    *,
    other_days: Collection[date] = (),
    other_metrics: Collection[str] = (),
) -> EnteredOption:
    """The entries of a day; of those that neither it nor what looks back on month ends, other days
    or metrics have a use for, standard error tells.
    """
    if path is None:
        return EnteredOption()
    from services.scoring.execution.supplements import looked_back_days, metrics_to_query

    entries = read_entries_option(path, scheme, preset, units).asked_on(as_of)
    days = {as_of, *looked_back_days(scheme, preset, as_of), *other_days}
    scored = {*metrics_to_query(scheme, preset), *other_metrics}
    unused = entries.find_unused(days, scored)
    show_unused_entries(unused)
    return EnteredOption(entries.on(as_of), unused)


def show_unused_entries(unused: Sequence[UnusedEntry]) -> None:
    """Tell on standard error what was entered and not used: a line a cause, with some units."""
    causes: dict[tuple[str, str, str], list[str]] = {}
    for found in unused:
        cause = KIND_LABELS[found.entry.kind], found.entry.metric, found.reason
        causes.setdefault(cause, []).append(found.entry.unit)
    for (kind, metric, reason), units in causes.items():
        more = " 等" if len(units) > MAX_EXAMPLES else ""
        named = f"{'、'.join(units[:MAX_EXAMPLES])}{more}，共 {len(units)} 项"
        text = f"录入的{kind} {metric}（{named}）：{reason}。"
        ERR.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


def add_unused_entries(
    document: Mapping[str, Any], unused: Sequence[UnusedEntry]
) -> Mapping[str, Any]:
    """The document, with `entries_not_used` where there are such."""
    if not unused:
        return document
    return {**document, "entries_not_used": unused_entries_document(unused)}
