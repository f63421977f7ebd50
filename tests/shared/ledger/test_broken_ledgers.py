"""Ten broken ledgers, and word for word what a person is told about each."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shared.ledger.reader import LedgerReading
from shared.ledger.sheets import Cell
from tests.shared.ledger.sound_ledger import csv_folder, reading_of

UNITS: list[list[Cell]] = [
    ["单位编号", "单位名称", "单位类别", "组别"],
    ["U01", "发展和改革局", "部门", "县直部门组"],
    ["U02", "东村镇", "乡镇", "乡镇组"],
]
PROJECTS: list[list[Cell]] = [
    ["项目编号", "项目名称", "责任单位编号", "建设性质"],
    ["P001", "沙棘深加工项目", "U01", "新建"],
    ["P002", "污水处理厂二期", "U02", "续建"],
]

MONEY = "应为金额，如 1200、1,200.5 或 1.2亿元"
DATE = "应为日期，如 2022-09-15、2022/9/15、2022年9月15日，或月份 2022-09"


def workbook(path: Path, sheets: Mapping[str, list[list[Cell]]]) -> Path:
    """A workbook as an office would type it; texts that begin with `=` are formulas."""
    book = Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in ({"单位": UNITS, "项目": PROJECTS} | dict(sheets)).items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for index, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    page.write_formula(at, index, cell, None, "#REF!")
                else:
                    page.write(at, index, cell)
    book.close()
    return path


def told(found: LedgerReading) -> tuple[list[str], list[str]]:
    return [str(f) for f in found.errors], [str(f) for f in found.warnings]


def test_1_amounts_that_are_none(tmp_path: Path) -> None:
    plans: list[list[Cell]] = [
        ["2022年度计划"],
        ["项目编号", "年度", "年度计划投资（万元）", "以前年度完成投资（亿元）"],
        ["P001", 2022, "12O0", -0.5],
        ["P002", 2022, "1,23万元", 0.123456789],
        ["P002", 2023, "约5000", 100000],
    ]
    assert told(reading_of(workbook(tmp_path / "台账.xlsx", {"年度计划": plans}))) == (
        [
            f"年度计划：第3行“年度计划投资（万元）”栏“12O0”：{MONEY}",
            "年度计划：第3行“以前年度完成投资（亿元）”栏“-0.5”：金额不能为负数",
            f"年度计划：第4行“年度计划投资（万元）”栏“1,23万元”：{MONEY}",
            "年度计划：第4行“以前年度完成投资（亿元）”栏“0.123456789”：换算后不是整元，应精确到元",
            f"年度计划：第5行“年度计划投资（万元）”栏“约5000”：{MONEY}",
            "年度计划：第5行“以前年度完成投资（亿元）”栏“100000”：金额应小于 10 万亿元",
        ],
        [],
    )


def test_2_dates_that_do_not_exist(tmp_path: Path) -> None:
    milestones: list[list[Cell]] = [
        ["项目编号", "节点", "计划日期", "实际日期"],
        ["P001", "开工", "2022-02-30", "9月底"],
        ["P001", "竣工", "2022", date(1905, 7, 14)],
        ["P002", "开工", datetime(2022, 9, 15, 8, 30), "待定"],  # noqa: DTZ001
    ]
    assert told(reading_of(workbook(tmp_path / "台账.xlsx", {"节点": milestones}))) == (
        [
            "节点：第2行“计划日期”栏“2022-02-30”：没有这一天，应为实际存在的日期",
            "节点：第2行“实际日期”栏“9月底”：缺少年份，应如 2022-09 或 2022-09-15",
            f"节点：第3行“计划日期”栏“2022”：{DATE}",
            "节点：第3行“实际日期”栏“1905-07-14”：日期应在 1950 年至 2199 年之间",
        ],
        [
            "节点：第4行“计划日期”栏“2022-09-15 08:30:00”：已舍去时刻，只保留日期",
            "节点：第4行“实际日期”栏“待定”：已按空白（未知）读取",
        ],
    )


def test_3_words_of_no_vocabulary(tmp_path: Path) -> None:
    csv_folder(
        tmp_path,
        projects="""
            project_id,name,unit_id,nature,key_levels,is_industrial
            P001,沙棘深加工项目,U01,改建,国家级;省级,也许
        """,
        progress="""
            project_id,as_of,physical_pct
            P001,2022-09-30,12O
            P001,2022-10-31,一半
        """,
    )
    assert told(reading_of(tmp_path)) == (
        [
            "项目：第2行“nature”栏“改建”：应为新建、续建、前期、储备之一",
            "项目：第2行“key_levels”栏“国家级;省级”：应为省级、市级、县级之一",
            "项目：第2行“is_industrial”栏“也许”：应为“是”或“否”",
            "进度：第2行“physical_pct”栏“12O”：应为 0 至 100 之间的百分数，如 55 或 55%",
        ],
        ["进度：第3行“physical_pct”栏“一半”：是文字不是百分数，已作为“进展说明”导入，百分数留空"],
    )


def test_4_keys_twice_and_references_to_nothing(tmp_path: Path) -> None:
    csv_folder(
        tmp_path,
        units="""
            单位编号,单位名称,单位类别,组别
            U01,发展和改革局,部门,g
            U01,教育局,部门,g
        """,
        progress="""
            项目编号,截至日期,本年完成投资（万元）
            P001,2022-09-30,100
            P003,2022-09-30,100

            P001,2022年9月,120
        """,
    )
    assert told(reading_of(tmp_path)) == (
        [
            "单位：第3行“单位编号”栏“U01”：与第2行重复，“单位编号”不能相同",
            "项目：第3行“unit_id”栏“U02”：“单位”表中没有这个编号",
            "进度：第3行“项目编号”栏“P003”：“项目”表中没有这个编号",
            "进度：第5行“项目编号”栏“P001”：与第2行重复，“项目编号、截至日期”不能相同",
        ],
        [],
    )


def test_5_required_cells_columns_and_sheets_that_are_missing(tmp_path: Path) -> None:
    csv_folder(
        tmp_path,
        projects="""
            项目编号,项目名称,责任单位编号
            ,沙棘深加工项目,U01
            P002,污水处理厂二期,/
        """,
    )
    (tmp_path / "units.csv").unlink()
    assert told(reading_of(tmp_path)) == (
        [
            "单位：缺少“单位”表（units）",
            "项目：缺少必填列“建设性质”（nature）",
            "项目：第2行“项目编号”栏：不能为空",
            "项目：第3行“责任单位编号”栏“/”：不能为空",
        ],
        [],
    )


def test_6_rows_that_contradict_themselves(tmp_path: Path) -> None:
    months = ",".join(f"m{month:02}" for month in range(1, 13))
    csv_folder(
        tmp_path,
        plans=f"""
            project_id,year,planned_yuan,{months}
            P001,2022,12,1,2,3,4,5,6,7,8,9,,11,12
            P002,2022,12,1,2,3,4,5,6,7,8,9,8,11,12
        """,
        milestones="""
            project_id,kind,planned_on,actual_on,decided_on
            P001,开工,,,2022-03-05
        """,
        funds="""
            unit_id,project_id,source,event,amount_yuan,on
            ,,专项债,到位,100,
        """,
        pauses="""
            project_id,from_on,to_on
            P001,2022-03-02,2022-03-01
        """,
    )
    assert told(reading_of(tmp_path)) == (
        [
            "年度计划：第2行“m10”栏：各月累计计划应全部填写，或全部留空",
            "年度计划：第3行“m10”栏“8”：累计计划不能少于上月的 9 元",
            "节点：第2行“planned_on”栏：有“2022-03-05”的调整应填写计划日期或实际日期",
            "资金：第2行“unit_id”栏：单位编号和项目编号至少填写一个",
            "停工：第2行“to_on”栏“2022-03-01”：应不早于停工日期 2022-03-02",
        ],
        ["资金：第2行“on”栏：没有金额或日期，本行不计入"],
    )


def test_7_a_secret_project(tmp_path: Path) -> None:
    projects: list[list[Cell]] = [
        [*PROJECTS[0], "是否涉密"],
        ["P001", "沙棘深加工项目", "U01", "新建", "否"],
        ["P002", "某某工程", "U09", "改建", "是"],
    ]
    assert told(reading_of(workbook(tmp_path / "台账.xlsx", {"项目": projects}))) == (
        ["项目：第3行“是否涉密”栏“是”：涉密项目不得进入本系统，应删除本行"],
        [],
    )


def test_8_formulas_without_a_result_and_numbers_that_excel_cut_off(tmp_path: Path) -> None:
    projects: list[list[Cell]] = [
        [*PROJECTS[0], "统一社会信用代码", "总投资（万元）"],
        ["P001", "沙棘深加工项目", "U01", "新建", 911411270000000010, 500],
        ["P002", "污水处理厂二期", "U02", "续建", None, "=F9"],
        ["合计", None, None, None, None, 900],
    ]
    assert told(reading_of(workbook(tmp_path / "台账.xlsx", {"项目": projects}))) == (
        [
            "项目：第2行“统一社会信用代码”栏“9.1141127e+17”："
            "数字超过 15 位，Excel 已丢失末尾数字，应把单元格设为文本后重新填写",
            "项目：第3行“总投资（万元）”栏“#REF!”：公式出错，应为正确的值或留空",
        ],
        [],
    )


def test_9_headers_and_rows_out_of_shape(tmp_path: Path) -> None:
    csv_folder(
        tmp_path,
        units="甲,乙\n1,2",
        projects="""
            序号,项目编号,项目名称,项目编号,责任单位编号,建设性质
            1,P001,沙棘深加工项目,P001,U01,新建,,备注
        """,
        plans="""
            project_id,year,计划
            P001,22,
        """,
        单位="""
            unit_id
            U01
        """,
        teams="project_id",
    )
    assert told(reading_of(tmp_path)) == (
        [
            "单位：“单位”表（units）只能有一张",
            "单位：没有找到表头，应有一行列名，如“单位编号、单位名称、单位类别”",
            "项目：“项目编号”栏：与前面的“项目编号”列重复，只能保留一列",
            "项目：第2行“备注”：单元格多于表头的列数，应为每个单元格都有列名",
            "年度计划：第2行“year”栏“22”：应为 1950 至 2199 之间的年份，如 2022",
        ],
        [
            "项目：“序号”栏：不是台账中的列，内容未导入",
            "年度计划：“计划”栏：不是台账中的列，内容未导入",
            "teams：本版本尚不读取这张表，内容未导入",
        ],
    )


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        (
            "台账.xlsx",
            b"not a workbook",
            "台账.xlsx：应为 CSV 文件夹、CSV 的 ZIP，或 .xlsx、.xls、.ods 工作簿",
        ),
        ("units.csv", b"\xff\xff", "单位：应为 UTF-8 编码的 CSV 文件"),
        ("units.csv", b'a,"b\n', "单位：第1行：CSV 的引号不配对，应在本行之前补全"),
    ],
)
def test_10_files_that_cannot_be_read(
    tmp_path: Path, name: str, content: bytes, error: str
) -> None:
    (csv_folder(tmp_path) / name).write_bytes(content)
    path = tmp_path / name if name.endswith(".xlsx") else tmp_path
    assert told(reading_of(path))[0][0] == error
