r"""The main job of a key-project office, by nothing but operations generated from the document:
a ledger is imported, scored and swept, and one letter is read and printed.

    openapi-python-client generate --url http://127.0.0.1:8000/openapi.json --meta none \
      --config openapi-python-client.yaml --output-path bairi_client
    python main_job.py http://127.0.0.1:8000 out/demo/token ledger.xlsx letter.pdf

Its sweep is of days of 2022, which only the sample county of `make run` takes; `bairi up` sweeps
today.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import sleep
from typing import TypeVar

from bairi_client import AuthenticatedClient
from bairi_client.api.函件 import print_letter, read_letter
from bairi_client.api.发函 import issue_letters_due, preview_letters_due
from bairi_client.api.台账 import apply_import, preview_import, read_import, upload_ledger
from bairi_client.api.计分 import begin_run
from bairi_client.api.计分结果 import list_lights_of_run, read_ranking
from bairi_client.models import Problem, RunAsk, RunLightRead, SweepAsk, UploadLedgerForm
from bairi_client.types import File

POLL_SECONDS = 0.1
SCHEME = "lanxian-2022"
FIRST_DAY, LAST_DAY = date(2022, 9, 15), date(2022, 12, 25)
T = TypeVar("T")


def take(answer: T | Problem | None) -> T:
    """The data of an answer. Raises RuntimeError with what the service says, where it refuses."""
    if isinstance(answer, Problem):
        raise RuntimeError(answer.detail)
    assert answer is not None
    return answer


def take_each(answer: list[T] | T | Problem | None) -> list[T]:
    """The same of an answer that is a list for a region, one for each office, else the office's."""
    return answer if isinstance(answer, list) else [take(answer)]


def import_ledger(client: AuthenticatedClient, ledger: Path) -> None:
    with ledger.open("rb") as content:
        form = UploadLedgerForm(File(content, ledger.name))
        uploaded = take(upload_ledger.sync(client=client, body=form))
    rows = sum(uploaded.counts.additional_properties.values())
    print(f"检查：{rows} 行，错误 {uploaded.errors}，提醒 {uploaded.warnings}")

    changes = take(preview_import.sync(uploaded.id, client=client))
    added = [change.added for change in changes.additional_properties.values()]
    print(f"预览：将新增 {sum(added)} 行")

    current = take(apply_import.sync(uploaded.id, client=client))
    while current.state == "applying":
        sleep(POLL_SECONDS)
        current = take(read_import.sync(uploaded.id, client=client))
    if current.state != "applied" or current.changes is None:
        raise RuntimeError(current.problem)
    added = [change.added for change in current.changes.additional_properties.values()]
    print(f"导入：新增 {sum(added)} 行")


def score(client: AuthenticatedClient) -> None:
    asked = RunAsk(scheme=SCHEME, as_of=LAST_DAY)
    run = take(begin_run.sync(client=client, body=asked))
    for found in take(read_ranking.sync(run.id, client=client)).groups:
        best = [f"{unit.rank} {unit.name} {unit.total}" for unit in found.units[:3]]
        print(f"{found.group}：{'，'.join(best)}")
    colours = Counter(light.overall.value for light in lights(client, run.id))
    print("红黄绿灯：" + "，".join(f"{colour} {colours[colour]}" for colour in sorted(colours)))


def lights(client: AuthenticatedClient, run_id: int) -> Iterator[RunLightRead]:
    """The lights of a run, page by page: `next` is what to send as `after`, and None at the end."""
    page = take(list_lights_of_run.sync(run_id, client=client, limit=50))
    yield from page.items
    while page.next_ is not None:
        after = page.next_
        page = take(list_lights_of_run.sync(run_id, client=client, limit=50, after=after))
        yield from page.items


def sweep(client: AuthenticatedClient, letter_file: Path) -> None:
    for preview in take_each(preview_letters_due.sync(client=client, on=FIRST_DAY)):
        print(f"{preview.on} 应发函：{len(preview.letters)} 件")

    asked = SweepAsk(from_on=FIRST_DAY, to_on=LAST_DAY)
    for swept in take_each(issue_letters_due.sync(client=client, body=asked)):
        print(f"{swept.from_on} 至 {swept.to_on} 新发函：{len(swept.issued)} 件")
        for letter in swept.issued[:1]:
            save_letter(client, letter.id, letter_file)


def save_letter(client: AuthenticatedClient, letter_id: int, file: Path) -> None:
    """Save a letter as soon as it is printed, which happens after it is numbered."""
    letter = take(read_letter.sync(letter_id, client=client))
    while not letter.printed:
        sleep(POLL_SECONDS)
        letter = take(read_letter.sync(letter_id, client=client))
    document = take(print_letter.sync(letter_id, client=client))
    file.write_bytes(document.payload.read())
    print(f"{letter.number} {letter.title}（{letter.state}）")


def main() -> None:
    address, token_file, ledger, letter_file = sys.argv[1:]
    token = Path(token_file).read_text()
    with AuthenticatedClient(address, token, raise_on_unexpected_status=True) as client:
        import_ledger(client, Path(ledger))
        score(client)
        sweep(client, Path(letter_file))


if __name__ == "__main__":
    main()
