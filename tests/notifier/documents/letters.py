"""Letters to print in tests."""

from datetime import date
from typing import Any

from services.notifier.documents.letter import LetterDocument

OFFICE = "岚县重点项目建设领导小组办公室"


def letter(**changed: Any) -> LetterDocument:
    """A supervision letter of one page, with what a test changes."""
    texts: dict[str, Any] = {
        "office": OFFICE,
        "number": "岚重办督〔2022〕3号",
        "title": "关于普明镇高标准农田建设项目投资进度滞后的督办函",
        "addressee": "普明镇人民政府",
        "body": ("你单位负责的普明镇高标准农田建设项目进度滞后。", "请于2022年9月8日前报送。"),
        "signed_by": OFFICE,
        "signed_on": date(2022, 9, 5),
        "copies": ("县委常委、常务副县长", "县纪委监委"),
    }
    return LetterDocument(**(texts | changed))
