"""Names of an office that has set none, and who may see an office; pure."""

import re
from typing import NamedTuple

from shared.offices import is_above, office_code

OFFICE_SUFFIX = "重点项目建设领导小组办公室"
WORD_SUFFIX = "重办"
# Endings that a region's name is called without. A county's may leave one character (岚县), the
# others leave two, so that 城区 and 芒市 stay whole.
AUTONOMOUS_ENDINGS = ("自治县", "自治旗", "自治州", "自治区")
ENDINGS = ("地区", "县", "旗", "盟", "省", "市", "区")
COUNTY_ENDINGS = frozenset({"县", "旗"})
# What is called like a district and is none, or is not called without its ending: whole names.
WHOLE_NAMES = re.compile(
    "..+(?:开发|工业园|产业园|化工园|创意园|管理|示范|实验|聚集|食品|名胜|新|矿|特)区"
    "|.+[左右前中后]旗|神农架林区"
)
# Peoples in the names of autonomous regions.
PEOPLES = (
    "达斡尔|鄂温克|鄂伦春|柯尔克孜|维吾尔|哈萨克|塔吉克|乌孜别克|俄罗斯|塔塔尔|蒙古|朝鲜|布依|土家|"
    "哈尼|傈僳|仫佬|仡佬|拉祜|景颇|布朗|撒拉|毛南|阿昌|普米|德昂|保安|裕固|独龙|赫哲|门巴|珞巴|基诺|"
    "锡伯|高山|东乡|纳西"
)
SHORT_PEOPLES = "各回藏苗彝壮满侗瑶白傣黎佤畲水土羌怒京"  # always with 族
PEOPLE = re.compile(f"(?<=..)(?:(?:{PEOPLES})族?|[{SHORT_PEOPLES}]族)$")


class OfficeNames(NamedTuple):
    """The name over an office's letters, and the word in their numbers."""

    name: str
    agency_word: str


def derive_names(region_name: str) -> OfficeNames:
    """Names of the office of a region, as the region is called there; it may be unknown (`""`)."""
    return OfficeNames(
        f"{region_name}{OFFICE_SUFFIX}", f"{shorten_region_name(region_name)}{WORD_SUFFIX}"
    )


def shorten_region_name(name: str) -> str:
    """The name without its kind: 岚县 is 岚, 长阳土家族自治县 长阳, 内蒙古自治区 内蒙古."""
    if WHOLE_NAMES.fullmatch(name):
        return name
    for ending in AUTONOMOUS_ENDINGS:
        if name.endswith(ending):
            return drop_peoples(name.removesuffix(ending))
    for ending in ENDINGS:
        short = name.removesuffix(ending)
        if short != name and len(short) >= (1 if ending in COUNTY_ENDINGS else 2):
            return drop_peoples(short)
    return name


def drop_peoples(name: str) -> str:
    """The name without the peoples at its end; one that is nothing but a people stays."""
    while (shorter := PEOPLE.sub("", name)) != name:
        name = shorter
    return name.removesuffix("族")


def is_within(office: str, region: str) -> bool:
    """Whether an office is of a region, or of one within it; `3505` and `350500` are one region."""
    return office.startswith(region[: len(office)]) or is_above(office_code(region), office)


def is_office_visible(office: str, region: str) -> bool:
    """Whether a caller of a region sees an office: one within the region, or one above it."""
    return is_within(office, region) or is_above(office, office_code(region))


def is_region_visible(asked: str, region: str) -> bool:
    """Whether a caller of a region may ask about another: one within it, or one around it."""
    return region.startswith(asked) or is_office_visible(office_code(asked), region)
