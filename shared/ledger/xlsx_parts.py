"""Parts of an .xlsx workbook: which sheet is where, what is hidden, which styles show what."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from shared.ledger.file_problems import DAMAGED, unreadable
from shared.ledger.number_formats import (
    NumberFormat,
    find_built_in_format,
    parse_number_format,
)
from shared.ledger.xml_parts import attribute, is_true, local_name, parse_tree

ROOT_LINKS_PART = "_rels/.rels"
ROOT_LINKS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""  # where the reader of workbooks begins
WORKBOOK_PART = "xl/workbook.xml"
LINKS_PART = "xl/_rels/workbook.xml.rels"
STYLES_PART = "xl/styles.xml"
STRINGS_PART = "xl/sharedStrings.xml"


class SheetPart(NamedTuple):
    name: str
    path: str
    is_hidden: bool
    has_cells: bool  # charts, dialogs and macros have none


class WorkbookParts(NamedTuple):
    sheets: tuple[SheetPart, ...]
    formats: Mapping[str, NumberFormat]  # of cells, by style
    counts_from_1904: bool


def parse_workbook(contents: Mapping[str, bytes]) -> WorkbookParts:
    """The parts by their small ones' contents; raises FileProblem where a sheet is nowhere."""
    if not {WORKBOOK_PART, LINKS_PART} <= contents.keys():
        raise unreadable(DAMAGED)
    book = parse_tree(contents[WORKBOOK_PART])
    links = {link.get("Id"): link for link in parse_tree(contents[LINKS_PART])}
    sheets = []
    for sheet in (element for element in book.iter() if local_name(element.tag) == "sheet"):
        link = links.get(attribute(sheet.items(), "id") or "")
        if link is None:
            raise unreadable(DAMAGED)
        target = link.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        kind = link.get("Type", "").rpartition("/")[2]
        is_hidden = sheet.get("state", "visible") != "visible"
        sheets.append(SheetPart(sheet.get("name", ""), path, is_hidden, kind == "worksheet"))
    if not sheets:
        raise unreadable(DAMAGED)
    settings = next((e for e in book.iter() if local_name(e.tag) == "workbookPr"), None)
    from_1904 = settings is not None and is_true(settings.get("date1904"))
    formats = parse_styles(contents.get(STYLES_PART), from_1904)
    return WorkbookParts(tuple(sheets), formats, from_1904)


def parse_styles(content: bytes | None, from_1904: bool) -> Mapping[str, NumberFormat]:
    """The styles of cells that show another thing than the number."""
    if content is None:
        return {}
    styles = parse_tree(content)
    codes = {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in styles.iter()
        if local_name(element.tag) == "numFmt"
    }
    found = {}
    for index, style in enumerate(cell_styles(styles)):
        number = style.get("numFmtId", "0")
        if number in codes:
            shown = parse_number_format(codes[number])
        else:
            shown = find_built_in_format(int(number)) if number.isdecimal() else None
        if shown:
            found[str(index)] = shown._replace(from_1904=from_1904)
    return found


def cell_styles(styles: ElementTree.Element) -> list[ElementTree.Element]:
    return [style for part in styles if local_name(part.tag) == "cellXfs" for style in part]
