"""The reference data that comes with the program (see data/README.md)."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from shared.calendar import Calendar

# Where a county has no city, the list says one of these instead.
CITY_PLACEHOLDERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@cache
def region_names() -> Mapping[str, str]:
    """Codes with full names, as names of counties repeat: 吕梁市岚县, 北京市东城区."""
    names: dict[str, str] = {}
    for row in load_counties():
        code, city, province = row["code"], row["city"], row["province"]
        above = province if city in CITY_PLACEHOLDERS else city
        names |= {code[:2] + "0000": province, code: above + row["name"]}
        names[code[:4] + "00"] = province + city if city in CITY_PLACEHOLDERS else city
    return names


@cache
def region_own_names() -> Mapping[str, str]:
    """Codes with names alone, as people there say them: 岚县, 吕梁市, 山西省.

    Where a county has no city, the code of the city is the province's.
    """
    names: dict[str, str] = {}
    for row in load_counties():
        code, city, province = row["code"], row["city"], row["province"]
        names |= {code[:2] + "0000": province, code: row["name"]}
        names[code[:4] + "00"] = province if city in CITY_PLACEHOLDERS else city
    return names


def load_counties() -> list[dict[str, str]]:
    with (files("shared") / "data" / "regions_county.csv").open(encoding="utf-8") as file:
        return [*csv.DictReader(file)]


@cache
def region_codes() -> frozenset[str]:
    """The six-digit codes of GB/T 2260: counties, their cities (`..00`), provinces (`..0000`)."""
    return frozenset(region_names())


@cache
def load_calendar() -> Calendar:
    """The working days of the years announced so far."""
    given = json.loads((files("shared") / "data" / "holidays_cn.json").read_text(encoding="utf-8"))
    off, work = (frozenset(map(date.fromisoformat, given[key])) for key in ("off", "work"))
    return Calendar(off, work, frozenset(given["years"]))
