"""Sample rows of kinds of facts that the golden ledgers lack, and who may read and write them.

They are of unit U02 of the golden county (`tests/golden/county`), by its project P053 where they
name one; its project P052 has the problem Q0010.
Every test of all kinds takes them up: ledgers, requests, formulas, roles.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.http.tokens import Role

READERS = (Role.office, Role.unit, Role.leader, Role.field, Role.inspector)


@dataclass(frozen=True)
class Sample:
    """`rows` are cells as a CSV file has them; `singular` is the name of one in operation ids.

    `counted` is how many rows a formula counts for U02; None where no formula can count them.
    `whole_region` says that a unit sees what is not its own.
    """

    singular: str
    rows: tuple[Mapping[str, str], ...]
    writers: tuple[Role, ...]
    readers: tuple[Role, ...] = READERS
    counted: int | None = None
    whole_region: bool = False
    has_history: bool = field(default=True, kw_only=True)

    def operations(self) -> Mapping[str, tuple[Role, ...]]:
        """The ids of the operations on the kind, each with those who may."""
        one = self.singular
        many = f"list_{one}s"
        reads = (many, f"read_{one}", *([f"list_{one}_history"] if self.has_history else []))
        writes = (f"record_{one}", *([] if self.has_history else [f"correct_{one}"]))
        return dict.fromkeys(reads, self.readers) | dict.fromkeys(writes, self.writers)


def sample_files() -> dict[str, str]:
    """The samples as the files of a ledger, by name, beside those of the golden county."""
    files = {}
    for name, sample in SAMPLES.items():
        sink = io.StringIO()
        out = csv.DictWriter(sink, [*sample.rows[0]], lineterminator="\n")
        out.writeheader()
        out.writerows(sample.rows)
        files[name] = sink.getvalue()
    return files


def sample_places(path: str) -> dict[str, str]:
    """The columns of a sample row that an address names, where it is one of a sampled kind."""
    parts = path.split("/")
    rows = [sample.rows[0] for name, sample in SAMPLES.items() if name in parts]
    return {name: row[name] for row in rows for name in row if f"{{{name}}}" in parts}


SAMPLES: Mapping[str, Sample] = {
    "indicators": Sample(
        "indicator",
        (
            {
                "region_code": "990101",
                "period": "2022-09-30",
                "indicator": "fixed_asset_investment",
                "value": "1.5",
                "source": "统计局",
            },
        ),
        writers=(Role.office,),
        whole_region=True,
    ),
}
