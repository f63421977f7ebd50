"""The reference data that comes with the program (see data/README.md)."""

import csv
import json
from datetime import date
from functools import cache
from importlib.resources import files

from shared.calendar import Calendar


@cache
def regions() -> frozenset[str]:
    """The six-digit codes of GB/T 2260: counties, their cities (`..00`), provinces (`..0000`)."""
    with (files("shared") / "data" / "regions_county.csv").open(encoding="utf-8") as file:
        counties = frozenset(row["code"] for row in csv.DictReader(file))
    cities = {code[:4] + "00" for code in counties}
    provinces = {code[:2] + "0000" for code in counties}
    return counties | cities | provinces


@cache
def calendar() -> Calendar:
    """The working days of the years announced so far."""
    given = json.loads((files("shared") / "data" / "holidays_cn.json").read_text(encoding="utf-8"))
    off, work = (frozenset(map(date.fromisoformat, given[key])) for key in ("off", "work"))
    return Calendar(off, work, frozenset(given["years"]))
