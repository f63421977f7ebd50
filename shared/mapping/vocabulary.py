"""The vocabulary of headers: the words that offices write, and what they mean.

A meaning is written as an answer is: `milestones.planned_on;kind=started`, or `ignored=…`. Words
with several meanings are asked about, the likeliest first. Add words here and nowhere else.
"""

from collections.abc import Iterable, Mapping

from shared.ledger.sheets import fold_name

PLANNED_START, ACTUAL_START = (
    f"milestones.{on};kind=started" for on in ("planned_on", "actual_on")
)
PLANNED_END, ACTUAL_END = (f"milestones.{on};kind=completed" for on in ("planned_on", "actual_on"))
YEAR_TO_DATE = "progress.invested_ytd_yuan;span=year"
OF_MONTH = "progress.invested_ytd_yuan;span=month"
SINCE_START = "progress.invested_ytd_yuan;span=ever"
PLANNED, TOTAL = "plans.planned_yuan", "projects.total_investment_yuan"
PRIOR = "plans.prior_invested_yuan"
NOT_KEPT, NOT_READ = "ignored=不保存这一项", "ignored=不导入"


def fold_words(words: str) -> list[str]:
    return [fold_name(word) for word in words.split()]


def spread_words(*pairs: tuple[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {word: meanings for words, meanings in pairs for word in fold_words(words)}


def spread_milestones() -> Iterable[tuple[str, tuple[str, ...]]]:
    """Words of dates: with 计划 or 实际 they are clear, without they are asked about."""
    kinds = {
        "started": ("开工", "动工", "开工建设"),
        "completed": ("竣工", "完工", "建成", "竣工验收"),
        "in_production": ("投产", "投产达效", "建成投产", "竣工投产", "投用"),
        "signed": ("签约",),
        "pooled": ("入库", "入统", "纳统", "入库纳统"),
    }
    for kind, words in kinds.items():
        planned, actual = (f"milestones.{on};kind={kind}" for on in ("planned_on", "actual_on"))
        for word in words:
            for ending in ("时间", "日期", "年月", "月份", ""):
                for before in ("计划", "拟", "预计", "预期", "计划于"):
                    yield before + word + ending, (planned,)
                yield f"{word}计划{ending}", (planned,)
                yield f"{word}实际{ending}", (actual,)
                yield f"实际{word}{ending}", (actual,)
                if ending:
                    yield word + ending, (planned, actual)


def spread_permits() -> Iterable[tuple[str, tuple[str, ...]]]:
    """Words of approvals: the permit's day by default; two of them may be milestones as well."""
    kinds = {
        "site": ("选址", "规划选址", "用地预审与选址"),
        "initiation": ("立项", "立项审批", "项目立项", "立项备案"),
        "land_planning": ("用地规划", "用地规划许可", "建设用地规划许可证"),
        "works_planning": ("工程规划", "工程规划许可", "建设工程规划许可证"),
        "eia": ("环评", "环境影响评价", "环评批复"),
        "energy_review": ("能评", "节能审查", "节能评估"),
        "tendering": ("招投标", "招标", "招标投标"),
        "construction_permit": ("施工许可", "施工许可证"),
    }
    for kind, words in kinds.items():
        for word in words:
            for ending in (
                "",
                "时间",
                "日期",
                "办结时间",
                "办结日期",
                "批复时间",
                "批复日期",
                "取得时间",
            ):
                yield word + ending, (f"permits.granted_on;kind={kind}",)


# Words whose meaning does not hang on a period.
PLAIN_WORDS: Mapping[str, tuple[str, ...]] = {
    **spread_words(
        ("项目名称 工程名称 重点项目名称 建设项目名称 项目 项目(工程)名称", ("projects.name",)),
        (
            "项目代码 国家项目代码 投资项目代码 项目统一代码 国家代码 在线平台项目代码 "
            "在线审批监管平台代码 投资项目在线审批监管平台代码",
            ("projects.national_code",),
        ),
        ("项目编号 项目编码", ("projects.project_id", NOT_READ)),
        ("编号", ("ignored=行的序号;derived=index", "projects.project_id")),
        ("序号 顺序号", ("ignored=行的序号;derived=index",)),
        ("责任单位 责任部门 牵头单位 牵头部门 牵头责任单位 责任主体单位", ("projects.unit_id",)),
        ("主管单位 主管部门 行业主管部门 行业主管单位", ("projects.competent_unit_id",)),
        ("建设单位 项目业主 业主单位 项目单位 项目法人 项目业主单位", ("projects.owner_name",)),
        ("实施单位 实施主体 建设主体 投资主体 业主", ("projects.owner_name", "projects.unit_id")),
        ("建设性质 项目性质 性质", ("projects.nature",)),
        ("项目类别 项目类型 类别 类型", ("projects.nature", "projects.programs", NOT_READ)),
        ("重点级别 项目级别 重点项目级别", ("projects.key_levels",)),
        ("级别 层级", ("projects.key_levels", NOT_READ)),
        ("行政区划代码 区划代码", ("projects.region_code",)),
        ("行业代码 国民经济行业代码", ("projects.industry_code",)),
        ("统一社会信用代码", ("projects.owner_uscc",)),
        ("专项 所属专项", ("projects.programs",)),
        ("是否产业项目 产业项目", ("projects.is_industrial",)),
        ("是否政府投资 是否政府投资项目", ("projects.is_government_funded",)),
        ("是否招商引资 是否招商引资项目", ("projects.is_attracted",)),
        ("是否涉密 涉密", ("projects.is_secret",)),
        ("合同金额 合同额 签约金额 合同投资额", ("projects.contract_yuan",)),
        ("协议投资额 协议总投资", ("projects.contract_yuan", TOTAL)),
        ("总投资 计划总投资 估算总投资 概算总投资 投资总额 投资总额度 总投资概算", (TOTAL,)),
        ("投资规模 投资概算 概算 估算投资", (TOTAL, NOT_READ)),
        ("形象进度 工程形象进度 形象进展", ("progress.physical_pct",)),
        (
            "进展 建设进展 工作进展 目前进展 当前进展 进展说明 工程进展 推进 推进进展 "
            "工程建设进展 最新进展",
            ("progress.note",),
        ),
        ("建设进度 工程进度 进度", ("progress.note", "progress.physical_pct", NOT_READ)),
        (
            "存在问题 存在困难和问题 存在困难及问题 存在困难问题 困难问题 困难和问题 存在主要问题 "
            "主要问题 需协调解决问题 需要协调解决问题 问题 存在问题及困难",
            ("problems.summary",),
        ),
        (
            "建设起止年限 建设起止时间 建设起止年月 建设起止日期 起止年限 起止时间 起止年月 "
            "建设年限 建设期限",
            ("milestones.period",),
        ),
        ("建设周期 建设工期 工期", ("milestones.period", NOT_READ)),
        ("到位资金 资金到位 已到位资金", ("funds.amount_yuan;event=arrived;source=ask", NOT_READ)),
    ),
    **spread_words(*spread_milestones(), *spread_permits()),
}

# Words of amounts whose meaning hangs on the period beside them.
PLAN_WORDS = frozenset(
    fold_words(
        "计划投资 投资计划 计划 计划完成投资 目标投资 投资目标 计划投资完成 投资任务 "
        "计划投资任务 计划完成"
    )
)
DONE_WORDS = frozenset(
    fold_words("完成投资 投资完成 实际完成投资 完成 实际完成 已完成投资 投资实际完成 完成投资实际")
)

# What a ledger does not keep (yet), and what an export computes itself.
IGNORED_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        fold_words(
            "包联领导 包保领导 包抓领导 联系领导 责任领导 分管领导 县级领导 包联县领导 "
            "责任人 项目负责人 负责人 联系人 项目单位联系人 业主联系人 联系电话 联系方式 "
            "电话 手机号码 包联单位 首席服务官 项目专班 专班"
        ),
        "ignored=人员和分工不在这里保存",
    ),
    **dict.fromkeys(
        fold_words(
            "建设规模及主要内容 建设规模及内容 建设内容及规模 建设内容 主要建设内容 建设规模 "
            "建设规模和内容 项目概况 项目简介 建设规模和主要建设内容 建设地点 项目地点 "
            "项目地址 所属乡镇 所在乡镇 备注 下步计划 下一步计划 下步工作计划 "
            "下一步工作计划 下步打算 下一步打算 下步安排 下一步工作安排 下步措施 工作措施 "
            "所属行业 行业类别 行业 产业类别 年度建设内容 年度主要建设内容 年度建设任务 "
            "资金来源"
        ),
        NOT_KEPT,
    ),
    **dict.fromkeys(
        fold_words(
            "占年度计划 占年度计划比例 占计划 占年度计划比重 完成率 投资完成率 "
            "年度计划完成率 完成比例 完成年度计划 完成年度计划比例 年度投资完成率 完成占比 "
            "占年度计划投资比例 占年度投资计划比例 完成占年度计划"
        ),
        "ignored=由计划和完成投资算出;derived=completion",
    ),
    **dict.fromkeys(
        fold_words("序时进度 时间进度 序时"),
        "ignored=由日期算出;derived=time_progress",
    ),
    **dict.fromkeys(
        fold_words("超序时 欠序时 超欠序时 与序时差 较序时进度 超欠序时进度"),
        "ignored=由计划和完成投资算出",
    ),
}

# Groups that say nothing of what stands below them.
NEUTRAL_GROUPS = frozenset(
    fold_words(
        "项目基本情况 基本情况 项目概况 项目信息 基本信息 概况 投资情况 投资 资金情况 "
        "项目投资 投资(万元) 进展情况 项目进展情况 建设情况 推进情况 责任分工 "
        "责任落实 前期手续 前期手续办理情况 手续办理情况 前期手续办理 手续办理 前期工作 "
        "联系方式 时间节点 时间安排 建设时间 节点 投资及进度 项目进度 责任单位及责任人 "
        "情况 其他"
    )
)
FILLERS = ("项目", "情况", "金额", "数额", "的", "额", "数")


def drop_fillers(text: str) -> str:
    """The text without words that change no meaning: 项目, 情况, 额."""
    for filler in FILLERS:
        text = text.replace(filler, "")
    return text


def index_words(words: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Words without fillers, where no two of different meaning become one."""
    found: dict[str, tuple[str, ...]] = {}
    differing = set()
    for word, meanings in words.items():
        reduced = drop_fillers(word)
        if len(reduced) < 2 or found.get(reduced, meanings) != meanings:
            differing.add(reduced)
        found[reduced] = meanings
    return {word: meanings for word, meanings in found.items() if word not in differing}


CLEAR_WORDS: Mapping[str, tuple[str, ...]] = {
    **PLAIN_WORDS,
    **{word: (meaning,) for word, meaning in IGNORED_WORDS.items()},
}
REDUCED_WORDS = index_words(CLEAR_WORDS)
