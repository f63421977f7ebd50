"""Pages of a letter as pictures: as many as its document has, and no more."""

import io

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from shared.http import pictures
from shared.http.tokens import Issuer
from tests.notifier.letters.conftest import OFFICE, NotifierWith
from tests.notifier.letters.test_sweeps import all_letters, sweep
from tests.registry.clients import As, speaking

A4_DOTS = (1191, 1684)


async def test_pages_are_those_of_the_document(swept: As) -> None:
    office = swept("office")
    letter = (await all_letters(office))[0]
    path = f"/v1/letters/{letter['id']}"
    printed = (await office.get(f"{path}/document.pdf")).content
    found = (await office.get(f"{path}/pages")).json()
    with PdfDocument(printed) as document:
        assert found["count"] == len(document) == len(found["pages"])
    first = found["pages"][0]
    assert (first["page"], first["width_mm"], first["height_mm"]) == (1, 210, 297)
    assert letter["number"] in first["text"]

    for page in found["pages"]:
        answer = await office.get(f"{path}/pages/{page['page']}.png")
        assert answer.headers["content-type"] == "image/png"
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.size, round(picture.info["dpi"][0])) == (A4_DOTS, 144)
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 1  # something is on it
    beyond = await office.get(f"{path}/pages/{found['count'] + 1}.png")
    assert (beyond.status_code, beyond.json()["type"]) == (404, "/problems/not-found")
    for none in ("0", "-1", "x"):
        assert (await office.get(f"{path}/pages/{none}.png")).status_code == 422


async def test_a_page_never_changes_and_is_sent_once(swept: As) -> None:
    office = swept("office")
    path = f"/v1/letters/{(await all_letters(office))[0]['id']}/pages/1.png"
    first, again = await office.get(path), await office.get(path)
    assert first.content == again.content
    assert "immutable" in first.headers["cache-control"]
    known = await office.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def test_who_may_not_see_a_letter_sees_none_of_its_pages(swept: As) -> None:
    letters = await all_letters(swept("office"))
    own = letters[0]
    other = next(each for each in letters if each["unit_id"] != own["unit_id"])
    unit = swept("unit", unit_id=own["unit_id"])
    for rest in ("/pages", "/pages/1.png"):
        assert (await unit.get(f"/v1/letters/{own['id']}{rest}")).status_code == 200
        assert (await unit.get(f"/v1/letters/{other['id']}{rest}")).status_code == 404
        viewer = await swept("viewer").get(f"/v1/letters/{own['id']}{rest}")
        assert viewer.status_code == 403


async def test_until_it_is_printed_a_letter_has_no_pages(
    notifier_with: NotifierWith, issuer: Issuer
) -> None:
    office = speaking(notifier_with(OFFICE), issuer)("office")
    letter = (await sweep(office, from_on="2022-09-15", to_on="2022-09-15"))["issued"][0]
    for rest in ("/pages", "/pages/1.png"):
        answer = await office.get(f"/v1/letters/{letter['id']}{rest}")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/being-printed")


async def test_so_many_wait_and_no_more(swept: As, monkeypatch: pytest.MonkeyPatch) -> None:
    office = swept("office")
    path = f"/v1/letters/{(await all_letters(office))[0]['id']}/pages/1.png"
    monkeypatch.setattr(pictures.DRAWING, "waiting", pictures.MOST_WAITING)
    answer = await office.get(path)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/queue-full")
    assert "retry-after" in answer.headers
    monkeypatch.setattr(pictures.DRAWING, "waiting", 0)
    assert (await office.get(path)).status_code == 200
    assert pictures.DRAWING.waiting == 0
