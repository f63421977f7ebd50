"""A preview says what an import then does."""

import httpx

from tests.paths import GOLDEN
from tests.registry.clients import apply, imported, upload, zipped


async def test_the_preview_says_what_an_import_then_changes(office: httpx.AsyncClient) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    progress = (GOLDEN / "county" / "progress.csv").read_text(encoding="utf-8")
    progress = progress.replace("P024,2022-06-30,24000000", "P024,2022-06-30,23000000")
    progress += "P024,2022-10-17,,31,\n"
    uploaded = await upload(office, zipped(GOLDEN / "county", progress=progress))
    path = f"/v1/imports/{uploaded['id']}/changes"
    foreseen = (await office.get(path)).json()
    assert foreseen == {
        "progress": {
            "title": "进度",
            "added": 2,
            "superseded": 1,
            "unchanged": len(progress.splitlines()) - 3,
            "new": 1,
            "corrected": 1,
            "withdrawn": 0,
            "left_void": 0,
            "absent_columns": [],
            "absent_titles": [],
            "columns": [
                {
                    "column": "invested_ytd_yuan",
                    "title": "本年完成投资",
                    "changed": 1,
                    "blanked": 0,
                    "samples": [
                        {
                            "row": row_of(progress, "P024,2022-06-30"),
                            "key": ["P024", "2022-06-30"],
                            "before": "24000000",
                            "after": "23000000",
                            "before_text": "2,400万元",
                            "after_text": "2,300万元",
                        }
                    ],
                }
            ],
            "conflicts": 0,
            "conflicting": [],
            "not_mentioned": 0,
            "first_not_mentioned": [],
        }
    }
    assert (await office.get(path)).json() == foreseen
    changes = {"progress": {"added": 2, "superseded": 1}}
    assert (await apply(office, uploaded["id"]))["changes"] == changes
    assert (await office.get(path)).json() == foreseen


def row_of(text: str, opening: str) -> int:
    """The number of the line, from 1, that begins so."""
    found = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(opening)]
    return found[0]
