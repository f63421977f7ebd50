"""Projects without a progress report this month or this year, by unit."""

from services.scoring.documents.bulletin import (
    BulletinPart,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.sources import LIGHT_LABELS, BulletinInput, JsonDocument


def reports_part(inputs: BulletinInput) -> BulletinPart | None:
    """The number of unreported projects of each unit; None without any project to report on."""
    lights = list(inputs.lights())
    if not lights:
        return None
    this_month = f"{inputs.as_of.month}月"
    never = [unit for unit, light in lights if light["not_reported"]]
    missing = [unit for unit, light in lights if is_report_missing(inputs, light)]
    if not missing:
        return BulletinPart(
            "进度报送情况", (f"应报进度的{len(lights)}个项目，{this_month}均已报送。",)
        )
    summary = (
        f"应报进度的项目{len(lights)}个，{this_month}没有报送的{len(missing)}个，"
        f"其中本年从未报送的{len(never)}个。"
    )
    table = TableBuilder(
        (*text_columns("单位"), *figure_columns("应报项目", "本月未报", "其中本年未报"))
    )
    for unit, name in inputs.unit_names.items():
        if unit in missing:
            due = sum(owner == unit for owner, _ in lights)
            table.add(name, str(due), str(missing.count(unit)), str(never.count(unit)))
    table.add("合计", str(len(lights)), str(len(missing)), str(len(never)))
    return BulletinPart("进度报送情况", (summary,), (table.build("未报进度项目数", "未报进度"),))


def is_report_missing(inputs: BulletinInput, light: JsonDocument) -> bool:
    return light["project_id"] not in inputs.ledger.reported_in_month


def missing_reports_part(inputs: BulletinInput) -> BulletinPart | None:
    """The unreported projects that the reader may see; None without any."""
    table = TableBuilder(text_columns("编号", "项目", "责任单位", "总灯", "未报"))
    for unit, name in inputs.unit_names.items():
        for owner, light in inputs.lights():
            if owner == unit and inputs.audience.can_see(unit) and is_report_missing(inputs, light):
                since = "本年未报" if light["not_reported"] else "本月未报"
                project, colour = light["project_id"], LIGHT_LABELS[light["overall"]]
                table.add(project, inputs.ledger.project_names[project], name, colour, since)
    if not table.rows:
        return None
    return BulletinPart("未报进度项目", (), (table.build("", "未报进度项目"),))
