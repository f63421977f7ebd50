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
    department = "department", "县直部门", "部门", "县直单位"
    township = "township", "乡镇", "乡镇(街道)", "镇", "乡", "街道"
    zone = "zone", "开发区", "园区"
    county = "county", "县", "县(市、区)", "区县"


class Nature(Word):
    new = "new", "新建"
    continuing = "continuing", "续建"
    preliminary = "preliminary", "前期"
    reserve = "reserve", "储备", "预备"


class KeyLevel(Word):
    province = "province", "省级", "省", "省重点"
    city = "city", "市级", "市", "市重点"
    county = "county", "县级", "县", "县重点"


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
