"""The client with which other services read the settings of an office."""

from dataclasses import fields

import httpx
import pytest

from services.registry.offices import schemas
from shared.http.facts_client import RegistryAway, RegistryRefused
from shared.http.offices_client import OfficesClient, OfficeSettings
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS, PlausibilityThresholds
from tests.registry.clients import As
from tests.registry.office_settings import BESIDE, COUNTY, DERIVED, FORM, PLACE


def test_the_client_knows_every_setting() -> None:
    known = {field.name for field in fields(OfficeSettings)}
    assert known == {*schemas.OfficeSettings.model_fields, "office", "version"}


@pytest.fixture
def reader(as_: As) -> OfficesClient:
    """What notifier and scoring ask with: it reads everything and writes nothing."""
    return OfficesClient(as_("inspector", ""))


async def test_other_services_read_the_settings_of_an_office(
    county: httpx.AsyncClient, reader: OfficesClient
) -> None:
    derived = await reader.load_office(COUNTY)
    await county.put(PLACE, json=FORM)
    settings = await reader.load_office(COUNTY)

    assert (derived.name, derived.version) == (DERIVED["name"], None)
    assert derived.agency_word("supervision") == "惠安重办"
    assert (settings.office, settings.name, settings.contact) == (
        COUNTY,
        FORM["name"],
        "督查科 王芳",
    )
    assert (settings.telephone, settings.signers) == ("0595-12345678", {"supervision": "李强"})
    assert settings.agency_word("supervision") == "惠攻督"
    assert settings.agency_word("reminder") == "惠攻办"
    assert settings.plausibility == PlausibilityThresholds(**FORM["plausibility"])
    assert (settings.review, derived.review) == ({"progress": "everything"}, {})
    assert derived.plausibility == DEFAULT_THRESHOLDS
    assert settings.version is not None
    assert (await reader.load_office("3505")).name == "泉州市重点项目建设领导小组办公室"
    assert (await reader.load_office("000000")).name == "重点项目建设领导小组办公室"


async def test_other_services_say_why_there_are_no_settings(
    as_: As,
) -> None:
    hidden = OfficesClient(as_("inspector", BESIDE))
    with pytest.raises(RegistryRefused, match="404"):
        await hidden.load_office(COUNTY)
    away = httpx.AsyncClient(base_url="http://127.0.0.1:1")
    with pytest.raises(RegistryAway):
        await OfficesClient(away).load_office(COUNTY)

    def nonsense(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={**DERIVED, "agency_words": {}})

    odd = httpx.AsyncClient(transport=httpx.MockTransport(nonsense), base_url="http://registry")
    with pytest.raises(RegistryRefused):
        await OfficesClient(odd).load_office(COUNTY)
