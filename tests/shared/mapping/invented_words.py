"""The words of invented headers: some that the vocabulary has, and others that it has not.

Each has what it means there. Words of the last group look like others and mean nothing that is
kept: who takes them for those is wrong.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column that a sheet may have: its meaning, its words, whether every sheet has it."""

    meaning: str
    words: tuple[str, ...]
    group: str = ""
    needed: bool = False


IGNORED = "ignored"
YEAR_TO_DATE = "progress.invested_ytd_yuan;span=year"
OF_MONTH = "progress.invested_ytd_yuan;span=month"
SINCE_START = "progress.invested_ytd_yuan;span=ever"
# {y} is the year, {p} the year before, {m} the month.
FIELDS = (
    Field(
        "projects.name",
        ("项目名称", "工程名称", "重点项目名称", "项 目 名 称", "项目全称", "工程项目名称"),
        "项目基本情况",
        needed=True,
    ),
    Field(
        "projects.unit_id",
        ("责任单位", "责任部门", "牵头单位", "责任单位名称", "抓落实单位", "承办科局"),
        "责任分工",
        needed=True,
    ),
    Field("projects.competent_unit_id", ("主管部门", "行业主管部门", "归口部门"), "责任分工"),
    Field("projects.owner_name", ("建设单位", "项目业主", "项目单位", "业主方"), "项目基本情况"),
    Field("projects.nature", ("建设性质", "项目性质", "新建或续建"), "项目基本情况"),
    Field("projects.national_code", ("项目代码", "投资项目代码", "审批平台赋码"), "项目基本情况"),
    Field(
        "projects.total_investment_yuan",
        ("总投资", "项目总投资", "计划总投资", "总投资额", "投资总盘子", "估算"),
        "投资情况",
    ),
    Field(
        "plans.planned_yuan",
        (
            "{y}年计划投资",
            "年度计划投资",
            "{y}年度投资计划",
            "本年计划投资",
            "当年投资安排",
            "目标任务数",
        ),
        "投资情况",
    ),
    Field(
        "plans.prior_invested_yuan",
        ("以前年度完成投资", "截至{p}年底累计完成投资", "上年底累计完成投资", "历年已投"),
        "投资情况",
    ),
    Field(
        YEAR_TO_DATE,
        (
            "1-{m}月完成投资",
            "{y}年1—{m}月完成投资",
            "{y}年1至{m}月份累计完成投资额",
            "本年累计完成投资",
            "截至{m}月底累计完成投资",
            "截至{m}月底完成投资",
            "完成投资",
            "1-{m}月形成实物量",
        ),
        "投资情况",
    ),
    Field(SINCE_START, ("截至目前累计完成投资", "累计完成投资", "开工以来累计完成"), "投资情况"),
    Field("progress.physical_pct", ("形象进度", "工程形象进度", "完成百分比"), "进展情况"),
    Field("progress.note", ("进展情况", "项目进展情况", "目前进展", "干到哪一步"), "进展情况"),
    Field("problems.summary", ("存在问题", "存在的问题", "需协调解决的问题", "卡点"), "进展情况"),
    Field(
        "milestones.planned_on;kind=started",
        ("计划开工时间", "拟开工时间", "开工时间", "开工节点"),
        "时间节点",
    ),
    Field(
        "milestones.actual_on;kind=started",
        ("实际开工时间", "实际开工日期", "开工日期", "破土日"),
        "时间节点",
    ),
    Field(
        "milestones.planned_on;kind=completed",
        ("计划竣工时间", "预计竣工日期", "竣工时间", "收官时间"),
        "时间节点",
    ),
    Field(
        "milestones.period",
        ("建设起止年限", "建设起止时间", "起止年月", "建设工期", "项目周期"),
        "时间节点",
    ),
    Field("permits.granted_on;kind=initiation", ("立项", "立项批复时间", "批复立项日"), "前期手续"),
    Field("permits.granted_on;kind=site", ("选址", "规划选址", "选址意见书日期"), "前期手续"),
    Field("permits.granted_on;kind=eia", ("环评", "环评批复时间", "环境评价日期"), "前期手续"),
    Field(
        IGNORED,
        (
            "包联领导",
            "联系人",
            "备注",
            "建设规模及主要内容",
            "联系电话",
            "下步计划",
            "挂钩干部",
            "属地",
        ),
    ),
    Field(
        IGNORED,
        ("责任单位联系人", "主管部门分管领导", "项目名称简称", "项目单位电话", "完成情况说明"),
    ),
)
# Columns of amounts that are none of those above.
DECOYS = (
    "上年完成投资",
    "剩余投资",
    "未完成投资",
    "年度计划投资调整数",
    "预计全年完成投资",
    "总投资中政府投资",
    "本月计划完成投资",
    "较上月增加",
    "计划外完成投资",
    "完成投资差额",
)
# Months side by side, {n} the month of each; with what they mean there.
MONTHS = (
    ("{y}年完成投资›{n}月", OF_MONTH),
    ("完成投资›{n}月", YEAR_TO_DATE),
    ("{n}月完成投资", OF_MONTH),
    ("{n}月累计完成投资", YEAR_TO_DATE),
    ("{n}月当月完成投资", OF_MONTH),
    ("各月投资›{n}月", OF_MONTH),
)
UNIT_CALLS = {"住建局": "县住房和城乡建设局", "教育局": "县教体局", "交通局": "交通 局"}
