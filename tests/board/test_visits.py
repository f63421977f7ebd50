"""A visit tells of whatever goes wrong on a page; else its tests could not fail."""

from typing import Any

import pytest

from tests.board.conftest import OpenVisit

# Work of a number, not of a time, in which a busy machine would let others work.
BUSY_SCROLLING = """addEventListener("scroll", () => {
    let sum = 0;
    for (let i = 0; i < 5e8; i++) sum += Math.sqrt(i);
    window.sum = sum;
})"""
TALL = "document.body.insertAdjacentHTML('beforeend', '<p>row</p>'.repeat(500))"


INLINE_STYLE = "document.body.innerHTML = '<p style=\"color: red\">'"
INLINE_SCRIPT = "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
POLICY = "Content Security Policy"


@pytest.mark.parametrize(
    ("script", "event", "complaint"),
    [
        ("console.error('wrong')", "console", "wrong"),
        ("setTimeout(() => { throw new Error('thrown') })", "pageerror", "thrown"),
        ("void fetch('/registry/v1/nowhere')", "console", "404"),
        ("void fetch('http://elsewhere.test/').catch(() => {})", "console", POLICY),
        ("document.body.innerHTML = '<img src=//elsewhere.test/a.png>'", "console", "elsewhere"),
        (INLINE_STYLE, "console", POLICY),
        (INLINE_SCRIPT, "console", POLICY),
    ],
)
async def test_what_goes_wrong_is_told(
    visit: OpenVisit, script: str, event: Any, complaint: str
) -> None:
    office = await visit("office", expected=(complaint,))
    async with office.page.expect_event(event):
        await office.page.evaluate(script)
    assert [each for each in office.complaints if complaint in each]


async def test_what_costs_is_measured(visit: OpenVisit) -> None:
    office = await visit("office")
    before = await office.count_rows()
    await office.page.evaluate(
        "document.body.append(...Array.from({length: 700}, () => document.createElement('li')))"
    )
    assert await office.count_rows() == before + 700
    await office.page.evaluate(TALL)
    quick = await office.longest_task(3)
    await office.page.evaluate(BUSY_SCROLLING)
    assert quick < 100 < await office.longest_task(3)


async def test_axe_finds_what_is_wrong(visit: OpenVisit) -> None:
    office = await visit("office")
    await office.page.evaluate(
        "document.querySelector('main').append(document.createElement('img'))"
    )
    assert ["image-alt" in each for each in await office.axe_violations()] == [True]
