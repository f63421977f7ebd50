"""Entries by hand: targets of units, and marks with their reasons."""

from services.scoring.documents.bulletin import DASH, BulletinPart, Cell, TableBuilder, text_columns
from services.scoring.documents.composition.number_format import MEASURE_LABELS, format_cell_value
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.engine.points.manual_entries import EntriesByUnit


def manual_entries_part(inputs: BulletinInput) -> BulletinPart | None:
    """A row for each entry, with its author where the reader may know; None without entries."""
    shows_authors = inputs.audience.shows_authors
    titles = ["类别", "单位", "指标", "数值", "理由", *(["录入人"] if shows_authors else [])]
    table = TableBuilder(text_columns(*titles))
    metrics = inputs.preset.metrics_by_id(inputs.scheme.metrics_by_id)
    kinds: tuple[tuple[str, EntriesByUnit], ...] = (
        ("目标", inputs.entered.targets),
        ("打分", inputs.entered.marks),
    )
    for zh, entries in kinds:
        for unit in (unit for unit in inputs.unit_names if unit in entries):
            for name, entry in entries[unit].items():
                metric = metrics[name]
                value = format_cell_value(entry.value, metric.measure) + MEASURE_LABELS.get(
                    metric.measure, ""
                )
                row = [zh, inputs.unit_names[unit], metric.zh, value, entry.reason or DASH]
                table.add(*map(Cell, row + ([entry.who or DASH] if shows_authors else [])))
    if not table.rows:
        return None
    return BulletinPart("录入的目标和打分", (), (table.build("", "录入"),))
