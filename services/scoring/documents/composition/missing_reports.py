"""What was not reported: projects without a progress report this year or this month, by unit."""

from services.scoring.documents.bulletin import Part, TableOf, figures, texts
from services.scoring.documents.composition.sources import COLOURS, Document, Matter


def reports_part(matter: Matter) -> Part | None:
    """How many projects of each unit have no report; None without any project to report of."""
    lights = list(matter.lights())
    if not lights:
        return None
    this_month = f"{matter.day.month}月"
    never = [unit for unit, light in lights if light["not_reported"]]
    missing = [unit for unit, light in lights if is_missing(matter, light)]
    if not missing:
        return Part("进度报送情况", (f"应报进度的{len(lights)}个项目，{this_month}均已报送。",))
    said = (
        f"应报进度的项目{len(lights)}个，{this_month}没有报送的{len(missing)}个，"
        f"其中本年从未报送的{len(never)}个。"
    )
    table = TableOf((*texts("单位"), *figures("应报项目", "本月未报", "其中本年未报")))
    for unit, name in matter.units.items():
        if unit in missing:
            due = sum(of == unit for of, _ in lights)
            table.add(name, str(due), str(missing.count(unit)), str(never.count(unit)))
    table.add("合计", str(len(lights)), str(len(missing)), str(len(never)))
    return Part("进度报送情况", (said,), (table.made("未报进度项目数", "未报进度"),))


def is_missing(matter: Matter, light: Document) -> bool:
    return light["project_id"] not in matter.ledger.reported_in_month


def missing_part(matter: Matter) -> Part | None:
    """The projects themselves, of those that the reader may see."""
    table = TableOf(texts("编号", "项目", "责任单位", "总灯", "未报"))
    for unit, name in matter.units.items():
        for of, light in matter.lights():
            if of == unit and matter.audience.sees(unit) and is_missing(matter, light):
                since = "本年未报" if light["not_reported"] else "本月未报"
                project, colour = light["project_id"], COLOURS[light["overall"]]
                table.add(project, matter.ledger.projects[project], name, colour, since)
    if not table.rows:
        return None
    return Part("未报进度项目", (), (table.made("", "未报进度项目"),))
