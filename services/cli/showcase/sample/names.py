"""The names of the sample county: its units, trades, places and owners, all invented.

The county is called 样县 and its region code is 999901: no province has the prefix 99.
Every project's name ends in the mark 「样例」.
"""

from dataclasses import dataclass

from shared.facts.projects import Unit
from shared.facts.words import UnitKind

COUNTY_NAME = "样县"
SAMPLE_REGION = "999901"
SAMPLE_MARK = "「样例」"

REFORM, INDUSTRY, EDUCATION, LAND, HOUSING = "U01", "U02", "U03", "U04", "U05"
TRANSPORT, WATER, FARMING, COMMERCE, CULTURE = "U06", "U07", "U08", "U09", "U10"
HEALTH, ECOLOGY, ENERGY, LOGISTICS = "U11", "U12", "U13", "U14"
DEVELOPMENT_ZONE, HARBOUR_ZONE = "U25", "U26"

DEPARTMENTS = {
    REFORM: "发展和改革局",
    INDUSTRY: "工业和信息化局",
    EDUCATION: "教育局",
    LAND: "自然资源局",
    HOUSING: "住房和城乡建设局",
    TRANSPORT: "交通运输局",
    WATER: "水利局",
    FARMING: "农业农村局",
    COMMERCE: "商务局",
    CULTURE: "文化和旅游局",
    HEALTH: "卫生健康局",
    ECOLOGY: "生态环境局",
    ENERGY: "能源局",
    LOGISTICS: "物流发展中心",
}
TOWNSHIPS = {
    "U15": "例东镇",
    "U16": "例西镇",
    "U17": "例南镇",
    "U18": "例北镇",
    "U19": "样溪镇",
    "U20": "样湖镇",
    "U21": "样桥镇",
    "U22": "样岭乡",
    "U23": "样源乡",
    "U24": "样城街道",
}
ZONES = {DEVELOPMENT_ZONE: "经济开发区", HARBOUR_ZONE: "例湾工业园"}

# Units that answer for more projects than others do.
BUSY_UNITS = (INDUSTRY, HOUSING, TRANSPORT, COMMERCE, "U15", "U19", DEVELOPMENT_ZONE, HARBOUR_ZONE)


@dataclass(frozen=True)
class Trade:
    """A sort of project: its names, industry (GB/T 4754) and competent unit.

    `business` is the owner's line in its company name; blank where the government pays.
    """

    name: str
    industry_code: str
    competent_unit_id: str
    business: str = ""
    is_industrial: bool = False

    @property
    def is_government_funded(self) -> bool:
        return not self.business


PARTS = Trade("精密零部件生产线项目", "C3484", INDUSTRY, "精密制造", True)
MATERIALS = Trade("新型建材生产基地项目", "C3024", INDUSTRY, "新材料", True)
TEXTILE = Trade("功能性面料智能化改造项目", "C1751", INDUSTRY, "纺织", True)
FOOD = Trade("休闲食品加工项目", "C1411", INDUSTRY, "食品", True)
CHEMICALS = Trade("绿色化工一体化项目", "C2614", INDUSTRY, "石化", True)
BATTERIES = Trade("储能电池组件项目", "C3841", INDUSTRY, "新能源科技", True)
WORKSHOPS = Trade("标准厂房项目", "C3311", INDUSTRY, "产业运营", True)
COLD_CHAIN = Trade("冷链物流园项目", "G5990", COMMERCE, "供应链")
MARKET = Trade("农贸市场改造项目", "F5121", COMMERCE)
COMPLEX = Trade("商贸综合体项目", "F5211", COMMERCE, "商业发展")
GREENHOUSES = Trade("设施农业园区项目", "A0141", FARMING, "农业发展", True)
FISHERY = Trade("陆基养殖项目", "A0412", FARMING, "水产", True)
FARMLAND = Trade("高标准农田建设项目", "A0514", FARMING)
SOLAR = Trade("农光互补光伏电站项目", "D4416", ENERGY, "光伏电力", True)
WIND = Trade("分散式风电项目", "D4415", ENERGY, "风电", True)
CHARGING = Trade("充电基础设施项目", "D4420", ENERGY)
ROAD = Trade("公路提级改造工程", "E4812", TRANSPORT)
BRIDGE = Trade("大桥及接线工程", "E4812", TRANSPORT)
STATION = Trade("客货运枢纽工程", "G5441", TRANSPORT)
RESERVOIR = Trade("水库除险加固工程", "E4822", WATER)
WATER_WORKS = Trade("城乡供水一体化工程", "D4610", WATER)
DYKE = Trade("堤防提升工程", "E4822", WATER)
HOMES = Trade("老旧小区改造项目", "E4710", HOUSING)
PIPES = Trade("雨污管网改造工程", "E4852", HOUSING)
STREETS = Trade("市政道路工程", "E4813", HOUSING)
SCHOOL = Trade("中学新校区项目", "P8334", EDUCATION)
NURSERY = Trade("公办幼儿园项目", "P8310", EDUCATION)
VOCATIONAL = Trade("职业教育实训基地项目", "P8336", EDUCATION)
HOSPITAL = Trade("医院门诊综合楼项目", "Q8411", HEALTH)
CLINIC = Trade("社区卫生服务中心项目", "Q8421", HEALTH)
ELDERLY = Trade("医养结合康养中心项目", "Q8514", HEALTH, "康养")
RESORT = Trade("滨水文旅度假区项目", "N7862", CULTURE, "文旅", True)
MUSEUM = Trade("文化馆博物馆项目", "R8850", CULTURE)
LODGINGS = Trade("乡村民宿集群项目", "H6130", CULTURE, "乡村旅游")
SEWAGE = Trade("污水处理厂提标工程", "D4620", ECOLOGY)
WASTE = Trade("固废资源化利用项目", "N7723", ECOLOGY, "环保科技", True)
WOODLAND = Trade("山体生态修复工程", "N7711", LAND)
QUARRY = Trade("绿色矿山建设项目", "B1019", LAND, "矿业", True)
DATA_CENTRE = Trade("政务数据中心项目", "I6550", REFORM)
STORES = Trade("粮食仓储项目", "G5951", REFORM)

# The sorts of projects of each unit, the costliest first.
TRADES_OF_DEPARTMENTS = {
    REFORM: (BATTERIES, STORES, WORKSHOPS, DATA_CENTRE),
    INDUSTRY: (BATTERIES, MATERIALS, PARTS, TEXTILE, FOOD),
    EDUCATION: (VOCATIONAL, SCHOOL, NURSERY),
    LAND: (QUARRY, WOODLAND),
    HOUSING: (STREETS, PIPES, HOMES),
    TRANSPORT: (BRIDGE, ROAD, STATION),
    WATER: (WATER_WORKS, RESERVOIR, DYKE),
    FARMING: (GREENHOUSES, FARMLAND, FISHERY),
    COMMERCE: (COMPLEX, COLD_CHAIN, FOOD, MARKET),
    CULTURE: (RESORT, MUSEUM, LODGINGS),
    HEALTH: (HOSPITAL, ELDERLY, CLINIC),
    ECOLOGY: (WASTE, SEWAGE),
    ENERGY: (WIND, SOLAR, CHARGING),
    LOGISTICS: (COLD_CHAIN,),
}
LARGE_TRADES_OF_TOWNSHIPS = (MATERIALS, PARTS, SOLAR, TEXTILE, COLD_CHAIN, FOOD)
SMALL_TRADES_OF_TOWNSHIPS = (ROAD, GREENHOUSES, LODGINGS, SEWAGE)
TRADES_OF_ZONES = (
    *(CHEMICALS, BATTERIES, MATERIALS, PARTS, TEXTILE, WORKSHOPS),
    *(WASTE, COLD_CHAIN, FOOD, STREETS, PIPES, CHARGING),
)

# Townships and zones build at home, departments all over the county.
UNIT_HOMES = {**TOWNSHIPS, DEVELOPMENT_ZONE: "经开区", HARBOUR_ZONE: "例湾"}
LOCALITIES = (
    *("例泉", "样峰", "例溪", "样塘", "例坪", "样屿", "例岗", "样陂", "例洲", "样坂", "例浦"),
    *("样埔", "例林", "样洋", "例口", "样山", "例田", "样井", "例园", "样坑", "例港", "样店"),
    *("例畔", "样崎", "例墩", "样沟", "例庄", "样楼", "例潭"),
)
COMPANY_WORDS = "丰盛恒泰宏远瑞达信诚嘉和兴隆安顺广源通汇"
GOVERNMENT_OWNERS = {
    REFORM: "样例发展投资有限公司",
    INDUSTRY: "样例产业投资有限公司",
    EDUCATION: "样例教育投资有限公司",
    LAND: "样例生态建设有限公司",
    HOUSING: "样例城市建设投资有限公司",
    TRANSPORT: "样例交通建设投资有限公司",
    WATER: "样例水务投资有限公司",
    FARMING: "样例农业投资有限公司",
    COMMERCE: "样例商贸投资有限公司",
    CULTURE: "样例文旅投资有限公司",
    HEALTH: "样例卫生投资有限公司",
    ECOLOGY: "样例环境投资有限公司",
    ENERGY: "样例能源投资有限公司",
}


def build_units() -> list[Unit]:
    """The units, in order of their ids."""
    groups = (
        (UnitKind.department, "县直部门组", DEPARTMENTS),
        (UnitKind.township, "乡镇组", TOWNSHIPS),
        (UnitKind.zone, "开发区组", ZONES),
    )
    return [
        Unit(
            unit_id=unit_id,
            name=COUNTY_NAME + name,
            kind=kind,
            group=group,
            region_code=SAMPLE_REGION,
        )
        for kind, group, named in groups
        for unit_id, name in named.items()
    ]


def unit_trades(unit_id: str) -> tuple[Trade, ...]:
    """The sorts of projects that a unit answers for, the costliest first."""
    if unit_id in DEPARTMENTS:
        return TRADES_OF_DEPARTMENTS[unit_id]
    if unit_id in ZONES:
        return TRADES_OF_ZONES
    # Townships build the same things, but each begins with another one of them.
    place = list(TOWNSHIPS).index(unit_id)
    return (
        *rotate_trades(LARGE_TRADES_OF_TOWNSHIPS, place),
        *rotate_trades(SMALL_TRADES_OF_TOWNSHIPS, place),
    )


def rotate_trades(trades: tuple[Trade, ...], places: int) -> tuple[Trade, ...]:
    start = places % len(trades)
    return trades[start:] + trades[:start]


def project_name(number: int, unit_id: str, trade: Trade) -> str:
    """The name of the project with that number; neighbours in number lie in different places."""
    place = UNIT_HOMES.get(unit_id, LOCALITIES[number % len(LOCALITIES)])
    return f"{COUNTY_NAME}{place}{trade.name}{SAMPLE_MARK}"


def owner_name(number: int, trade: Trade) -> str:
    """The owner: the competent department's company, or a private one in the trade."""
    if trade.is_government_funded:
        return COUNTY_NAME + GOVERNMENT_OWNERS[trade.competent_unit_id]
    word = COMPANY_WORDS[number % len(COMPANY_WORDS)]
    return f"{COUNTY_NAME}样例{word}{trade.business}有限公司"
