"""What people entered by hand: targets of units, and marks with their reasons."""

from services.scoring.documents.bulletin import DASH, BulletinPart, Cell, TableBuilder, text_columns
from services.scoring.documents.composition.number_format import MEASURE_LABELS, format_cell_value
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.engine.points.manual_entries import EntriesByUnit


def manual_entries_part(matter: BulletinInput) -> BulletinPart | None:
    """A row for each; who entered it only where the reader may know."""
    people = matter.audience.people
    titles = ["类别", "单位", "指标", "数值", "理由", *(["录入人"] if people else [])]
    table = TableBuilder(text_columns(*titles))
    metrics = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    kinds: tuple[tuple[str, EntriesByUnit], ...] = (
        ("目标", matter.entered.targets),
        ("打分", matter.entered.marks),
    )
    for zh, given in kinds:
        for unit in (unit for unit in matter.units if unit in given):
            for name, found in given[unit].items():
                metric = metrics[name]
                value = format_cell_value(found.value, metric.measure) + MEASURE_LABELS.get(
                    metric.measure, ""
                )
                row = [zh, matter.units[unit], metric.zh, value, found.reason or DASH]
                table.add(*map(Cell, row + ([found.who or DASH] if people else [])))
    if not table.rows:
        return None
    made = table.made("", "录入")
    return BulletinPart("录入的目标和打分", (), (made,))
