"""Settings of an office as it sends them, and those that it has before."""

from typing import Any

COUNTY, CITY, BESIDE = "350521", "350500", "350524"
PLACE = f"/v1/offices/{COUNTY}"
THRESHOLDS = {"plan_factor": 3, "max_percent": 100, "days_before_period_end": 5}
FORM: dict[str, Any] = {
    "name": "惠安县项目攻坚指挥部办公室",
    "agency_words": {"default": "惠攻办", "supervision": "惠攻督"},
    "contact": "督查科 王芳",
    "telephone": "0595-12345678",
    "signers": {"supervision": "李强"},
    "plausibility": {"plan_factor": 2, "max_percent": 110, "days_before_period_end": 3},
    "review": {"progress": "everything"},
    "periods": {"month": {"due_days": 5, "closes_days": 20}, "half_month": None},
}
DERIVED = {
    "office": COUNTY,
    "name": "惠安县重点项目建设领导小组办公室",
    "agency_words": {"default": "惠安重办"},
    "contact": None,
    "telephone": None,
    "signers": {},
    "plausibility": THRESHOLDS,
    "review": {},
    "periods": None,
    "version": None,
    "recorded_at": None,
    "recorded_by": None,
    "why": None,
    "superseded_at": None,
}
