"""XML parts of workbooks, parsed without document types: these can grow without end."""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.parsers import expat

from shared.ledger.file_problems import DAMAGED, unreadable

MAX_TAG_BYTES = 256 * 1024  # of a tag or a text between tags
MAX_DEPTH = 10_000
PIECE = 1024 * 1024


def check_xml(content: bytes) -> None:
    """Refuse tags without end, with attributes by the million, and elements nested without end."""
    for start in range(0, len(content) - MAX_TAG_BYTES, MAX_TAG_BYTES):
        if content.find(b">", start, start + MAX_TAG_BYTES) < 0:
            raise unreadable(DAMAGED)
    depth = 0
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE + 1]  # an end may lie across two pieces
        depth += piece.count(b"<") - 2 * piece.count(b"</") - piece.count(b"/>")
        if depth > MAX_DEPTH:
            raise unreadable(DAMAGED)


def build_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    return parser


def refuse_document_type(*_: object) -> None:
    raise unreadable(DAMAGED)


def parse_tree(content: bytes) -> ElementTree.Element:
    check_xml(content)
    build_parser().Parse(content, True)
    return ElementTree.fromstring(content)


def local_name(name: str) -> str:
    """The name without its namespace, or prefix of one: these differ between editions."""
    return name.rpartition("}")[2].rpartition(":")[2]


def attribute(items: Iterable[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in items if local_name(name) == wanted), None)


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
