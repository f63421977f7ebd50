"""What was not reported: projects without a progress report this year or this month, by unit."""

from services.scoring.documents.bulletin import (
    BulletinPart,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.sources import LIGHT_LABELS, BulletinInput, JsonDocument


def reports_part(matter: BulletinInput) -> BulletinPart | None:
    """How many projects of each unit have no report; None without any project to report of."""
    lights = list(matter.lights())
    if not lights:
        return None
    this_month = f"{matter.day.month}月"
    never = [unit for unit, light in lights if light["not_reported"]]
    missing = [unit for unit, light in lights if is_report_missing(matter, light)]
    if not missing:
        return BulletinPart(
            "进度报送情况", (f"应报进度的{len(lights)}个项目，{this_month}均已报送。",)
        )
    said = (
        f"应报进度的项目{len(lights)}个，{this_month}没有报送的{len(missing)}个，"
        f"其中本年从未报送的{len(never)}个。"
    )
    table = TableBuilder(
        (*text_columns("单位"), *figure_columns("应报项目", "本月未报", "其中本年未报"))
    )
    for unit, name in matter.units.items():
        if unit in missing:
            due = sum(of == unit for of, _ in lights)
            table.add(name, str(due), str(missing.count(unit)), str(never.count(unit)))
    table.add("合计", str(len(lights)), str(len(missing)), str(len(never)))
    return BulletinPart("进度报送情况", (said,), (table.made("未报进度项目数", "未报进度"),))


def is_report_missing(matter: BulletinInput, light: JsonDocument) -> bool:
    return light["project_id"] not in matter.ledger.reported_in_month


def missing_reports_part(matter: BulletinInput) -> BulletinPart | None:
    """The projects themselves, of those that the reader may see."""
    table = TableBuilder(text_columns("编号", "项目", "责任单位", "总灯", "未报"))
    for unit, name in matter.units.items():
        for of, light in matter.lights():
            if of == unit and matter.audience.sees(unit) and is_report_missing(matter, light):
                since = "本年未报" if light["not_reported"] else "本月未报"
                project, colour = light["project_id"], LIGHT_LABELS[light["overall"]]
                table.add(project, matter.ledger.projects[project], name, colour, since)
    if not table.rows:
        return None
    return BulletinPart("未报进度项目", (), (table.made("", "未报进度项目"),))
