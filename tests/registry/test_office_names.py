"""Names of an office that has set none, from its region's; and who may see an office."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.notifier.documents.letter import TextLine
from services.registry.offices.rules import (
    derive_names,
    is_office_visible,
    is_region_visible,
    shorten_region_name,
)
from services.registry.offices.schemas import OfficeForm
from shared.reference import region_own_names


@pytest.mark.parametrize(
    ("code", "name", "agency_word"),
    [
        ("141127", "岚县重点项目建设领导小组办公室", "岚重办"),
        ("350521", "惠安县重点项目建设领导小组办公室", "惠安重办"),
        ("350500", "泉州市重点项目建设领导小组办公室", "泉州重办"),
        ("350000", "福建省重点项目建设领导小组办公室", "福建重办"),
        ("110100", "北京市重点项目建设领导小组办公室", "北京重办"),
        ("990101", "重点项目建设领导小组办公室", "重办"),
        ("000000", "重点项目建设领导小组办公室", "重办"),
    ],
)
def test_an_office_is_called_after_its_region(code: str, name: str, agency_word: str) -> None:
    assert derive_names(region_own_names().get(code, "")) == (name, agency_word)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("离石区", "离石"),
        ("孝义市", "孝义"),
        ("达拉特旗", "达拉特"),
        ("土默特左旗", "土默特左旗"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("大兴安岭地区", "大兴安岭"),
        ("长阳土家族自治县", "长阳"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("龙胜各族自治县", "龙胜"),
        ("三都水族自治县", "三都"),
        ("塔什库尔干塔吉克自治县", "塔什库尔干"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("西藏自治区", "西藏"),
        ("鄂温克族自治旗", "鄂温克"),
        ("东乡族自治县", "东乡"),
        ("管城回族区", "管城"),
        ("城区", "城区"),
        ("芒市", "芒市"),
        ("清新区", "清新"),
        ("浦东新区", "浦东新区"),
        ("下花园区", "下花园"),
        ("苏州工业园区", "苏州工业园区"),
        ("万柏林区", "万柏林"),
        ("", ""),
    ],
)
def test_a_region_is_called_short(name: str, short: str) -> None:
    assert shorten_region_name(name) == short


def test_every_region_gives_its_office_names_that_it_could_have_set_itself() -> None:
    for code, region in region_own_names().items():
        name, word = derive_names(region)
        form = OfficeForm(name=name, agency_words={"default": word})
        assert (form.name, form.agency_words["default"]) == (name, word), code


@given(st.text(max_size=70))
def test_what_an_office_may_be_called_a_letter_prints_as_it_is(name: str) -> None:
    try:
        form = OfficeForm(name=name, agency_words={"default": name[:20]})
    except ValidationError:
        return
    assert TypeAdapter(TextLine).validate_python(form.name) == form.name == form.name.strip()


@pytest.mark.parametrize(
    ("office", "region", "visible"),
    [
        ("350521", "350521", True),
        ("350521", "350521001", True),
        ("350521", "3505", True),
        ("350521", "350500", True),
        ("350622", "350500", False),
        ("350521", "", True),
        ("350500", "350521", True),
        ("350000", "350521", True),
        ("000000", "350521", True),
        ("000000", "", True),
        ("350522", "350521", False),
        ("350600", "350521", False),
        ("350600", "3505", False),
    ],
)
def test_an_office_is_seen_from_within_its_region_and_from_above(
    office: str, region: str, visible: bool
) -> None:
    assert is_office_visible(office, region) is visible


@pytest.mark.parametrize(
    ("asked", "region", "visible"),
    [
        ("350521", "3505", True),
        ("3505", "350521", True),
        ("350521", "350500", True),
        ("35052", "350521", True),
        ("350521001", "350521", True),
        ("", "350521", True),
        ("3506", "350521", False),
        ("350522", "350521", False),
    ],
)
def test_a_region_is_asked_about_from_within_and_from_around(
    asked: str, region: str, visible: bool
) -> None:
    assert is_region_visible(asked, region) is visible
