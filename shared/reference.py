"""The reference data that comes with the program (see data/README.md)."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from shared.calendar import Calendar


@cache
def region_names() -> Mapping[str, str]:
    """Region code of GB/T 2260 → name: counties, their cities (`..00`), provinces (`..0000`)."""
    names: dict[str, str] = {}
    with (files("shared") / "data" / "regions_county.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code, city, province = row["code"], row["city"], row["province"]
            names[code[:2] + "0000"] = province
            names[code[:4] + "00"] = f"{province}{city}"
            names[code] = f"{province}{city}{row['name']}"
    return names


@cache
def regions() -> frozenset[str]:
    """Their codes."""
    return frozenset(region_names())


@cache
def calendar() -> Calendar:
    """The working days of the years announced so far."""
    given = json.loads((files("shared") / "data" / "holidays_cn.json").read_text(encoding="utf-8"))
    off, work = (frozenset(map(date.fromisoformat, given[key])) for key in ("off", "work"))
    return Calendar(off, work, frozenset(given["years"]))
