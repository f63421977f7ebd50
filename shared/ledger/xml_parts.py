"""XML parts of workbooks, parsed without document types: these can grow without end."""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.parsers import expat

from shared.ledger.file_problems import DAMAGED, unreadable


def build_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    return parser


def refuse_document_type(*_: object) -> None:
    raise unreadable(DAMAGED)


def parse_tree(content: bytes) -> ElementTree.Element:
    build_parser().Parse(content, True)
    return ElementTree.fromstring(content)


def local_name(name: str) -> str:
    """The name without its namespace, or prefix of one: these differ between editions."""
    return name.rpartition("}")[2].rpartition(":")[2]


def attribute(items: Iterable[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in items if local_name(name) == wanted), None)


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
