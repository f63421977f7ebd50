"""Closed vocabularies: the word on the wire and what people write for it.

Those of the ledger are here; those of a service lie next to their use. All are of the class
`Word`, which puts the Chinese into the OpenAPI documents.
"""

from enum import StrEnum
from typing import Any, Self

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

LABELS_KEY = "x-labels-zh"  # in a schema: the Chinese of each of its words
OPEN_KEY = "x-open"  # in a schema: other words will come, which break no reader of answers


class Word(StrEnum):
    """A word of the wire, then the Chinese that people write for it, the usual one first."""

    zh: tuple[str, ...]

    def __new__(cls, word: str, *zh: str) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.zh = zh
        return member

    @property
    def label(self) -> str:
        """The usual Chinese for the word."""
        return self.zh[0]

    @classmethod
    def doubts(cls) -> dict[str, str]:
        """What people write that may mean several words, or none: why each has to be asked for."""
        return {}

    @classmethod
    def labels(cls) -> dict[str, str]:
        """The words of the vocabulary with their labels."""
        return {word.value: word.label for word in cls}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        json_schema = handler(schema)
        handler.resolve_ref_schema(json_schema)[LABELS_KEY] = cls.labels()
        return json_schema


class OpenWord(Word):
    """A word of a vocabulary that grows: readers of answers have to expect words still unknown."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        json_schema = super().__get_pydantic_json_schema__(schema, handler)
        handler.resolve_ref_schema(json_schema)[OPEN_KEY] = True
        return json_schema


class UnitKind(Word):
    department = (
        "department",
        *("县直部门", "部门", "县直单位", "县直", "县直机关", "县级部门", "政府部门"),
        *("区直部门", "市直部门", "县区直部门"),
    )
    township = (
        "township",
        *("乡镇", "乡镇(街道)", "镇", "乡", "街道", "镇街", "乡镇街道", "街道(乡镇)"),
        *("街道办", "街道办事处", "镇(街道)", "乡镇、街道"),
    )
    zone = "zone", "开发区", "园区", "产业园区", "工业园区", "经开区", "高新区", "经济开发区"
    county = "county", "县", "县(市、区)", "区县", "县区", "县市区"

    @classmethod
    def doubts(cls) -> dict[str, str]:
        """Companies have no kind of their own."""
        company = "企业没有单独的类别，应填它参加哪一类单位的考核"
        return dict.fromkeys(("国企", "国有企业", "平台公司", "企业", "公司", "平台"), company)


class Nature(Word):
    new = "new", "新建", "新建项目", "新开工", "新开工项目", "计划新开工", "拟新开工", "拟开工"
    continuing = "continuing", "续建", "续建项目", "结转", "结转项目"
    preliminary = "preliminary", "前期", "前期项目", "前期工作", "前期工作项目"
    reserve = "reserve", "储备", "预备", "储备项目", "预备项目"

    @classmethod
    def doubts(cls) -> dict[str, str]:
        """Words of a project's state, and of its works, which leave its nature open."""
        going_on = "可能是今年新开工的，也可能是往年结转的"
        finished = "是项目的状态，不是性质：今年新开工的填新建，往年结转的填续建"
        planned = "可能已开展前期工作，也可能只是储备"
        return (
            dict.fromkeys(("在建", "在建项目", "已开工", "开工"), going_on)
            | dict.fromkeys(("停工", "停建", "缓建", "复工"), finished)
            | dict.fromkeys(
                ("竣工", "已竣工", "完工", "已完工", "建成", "投产", "已投产"), finished
            )
            | dict.fromkeys(("谋划", "谋划项目", "拟建", "拟建项目", "未开工"), planned)
        )


class KeyLevel(Word):
    province = "province", "省级", "省", "省重点", "省级重点", "省重点项目", "省级重点项目"
    city = "city", "市级", "市", "市重点", "市级重点", "市重点项目", "市级重点项目"
    county = (
        "county",
        *("县级", "县", "县重点", "县级重点", "县重点项目", "县级重点项目", "县(区)级"),
        *("区县级", "县区级", "区级", "区重点", "县(区)重点"),
    )


class MilestoneKind(OpenWord):
    signed = "signed", "签约"
    initiated = "initiated", "立项"
    landed = "landed", "落地"
    started = "started", "开工"
    resumed = "resumed", "复工"
    pooled = "pooled", "入库", "入统"
    completed = "completed", "竣工"
    in_production = "in_production", "投产"
    at_capacity = "at_capacity", "达效"
    terminated = "terminated", "终止"


class PermitKind(OpenWord):
    """The eight kinds of 岚县; an office may use others, which stay as they are written."""

    site = "site", "选址"
    initiation = "initiation", "立项"
    land_planning = "land_planning", "用地规划"
    works_planning = "works_planning", "工程规划"
    eia = "eia", "环评"
    energy_review = "energy_review", "能评"
    tendering = "tendering", "招投标"
    construction_permit = "construction_permit", "施工许可"


class PermitMode(OpenWord):
    standard = "standard", "标准", "一般"
    commitment = "commitment", "告知承诺"
    tolerant = "tolerant", "容缺办理", "容缺"
    parallel = "parallel", "并联审批", "并联"
    build_then_inspect = "build_then_inspect", "先建后验"
    staged = "staged", "分阶段"
    deemed_granted = "deemed_granted", "超时默认", "视为批准"


class FundSource(OpenWord):
    special_bond = "special_bond", "专项债", "专项债券"
    central_budget = "central_budget", "中央预算内"
    policy_instrument = "policy_instrument", "政策性金融工具", "政策性开发性金融工具"
    bank_loan = "bank_loan", "银行贷款"
    enterprise = "enterprise", "企业自筹"
    attracted = "attracted", "招商引资", "招商"


class FundEvent(OpenWord):
    applied = "applied", "申报"
    approved = "approved", "获批", "批复"
    arrived = "arrived", "到位"
    paid = "paid", "支付", "支出"


class ProblemCategory(OpenWord):
    funds = "funds", "资金"
    land = "land", "土地", "用地"
    initiation = "initiation", "立项"
    eia = "eia", "环评"
    energy = "energy", "能评", "用能"
    planning = "planning", "规划"
    clearance = "clearance", "征拆", "征地拆迁"
    utilities = "utilities", "水电配套"
    dispute = "dispute", "纠纷"
    other = "other", "其他"


class ProblemLevel(OpenWord):
    department = "department", "部门"
    leader = "leader", "包联领导", "联系领导"
    head = "head", "县长", "主要领导"


class IndicatorName(OpenWord):
    """Official statistics known by name: amounts in yuan, growth and shares in per cent.

    Others stay as they are written. What ends in `_target` is the target of the other, entered with
    its source as any figure is.
    """

    fixed_asset_investment = "fixed_asset_investment", "固定资产投资", "固投"
    fixed_asset_investment_target = "fixed_asset_investment_target", "固定资产投资目标"
    fixed_asset_growth = "fixed_asset_growth", "固定资产投资增速", "固投增速"
    fixed_asset_growth_target = "fixed_asset_growth_target", "固定资产投资增速目标"
    primary_industry = "primary_industry", "第一产业增加值", "一产增加值"
    primary_industry_target = "primary_industry_target", "第一产业增加值目标"
    industrial_share = "industrial_share", "产业投资占固定资产投资比重", "产业投资占比"
    industrial_share_target = "industrial_share_target", "产业投资占固定资产投资比重目标"


class Program(OpenWord):
    """The programs known by name; programs are free words, others stay as they are written."""

    three_batches = "three_batches", "三个一批"
    special_bond = "special_bond", "专项债"
    central_budget = "central_budget", "中央预算内"
    shoring_up = "shoring_up", "补短板"
    key_construction = "key_construction", "重点建设"
