"""What people entered by hand: targets of units, and marks with their reasons."""

from services.scoring.documents.bulletin import NOTHING, Cell, Part, TableOf, texts
from services.scoring.documents.composition.number_format import MEASURED_IN, written
from services.scoring.documents.composition.sources import Matter
from services.scoring.engine.points.manual_entries import ByUnit


def entered_part(matter: Matter) -> Part | None:
    """A row for each; who entered it only where the reader may know."""
    people = matter.audience.people
    titles = ["类别", "单位", "指标", "数值", "理由", *(["录入人"] if people else [])]
    table = TableOf(texts(*titles))
    metrics = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    kinds: tuple[tuple[str, ByUnit], ...] = (
        ("目标", matter.entered.targets),
        ("打分", matter.entered.marks),
    )
    for zh, given in kinds:
        for unit in (unit for unit in matter.units if unit in given):
            for name, found in given[unit].items():
                metric = metrics[name]
                value = written(found.value, metric.measure) + MEASURED_IN.get(metric.measure, "")
                row = [zh, matter.units[unit], metric.zh, value, found.reason or NOTHING]
                table.add(*map(Cell, row + ([found.who or NOTHING] if people else [])))
    if not table.rows:
        return None
    made = table.made("", "录入")
    return Part("录入的目标和打分", (), (made,))
