"""Scheme documents and light presets, from YAML, with line and column in every error.

Numbers keep the digits that were written (0.1 is a tenth). A key written twice is a mistake.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from services.scoring.engine.scheme.honour_declarations import HONOUR_SECTIONS, Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.error_locations import (
    LocatedError,
    child_node,
    reference_errors,
    shape_errors,
    sort_errors,
)
from services.scoring.schemes.formulas import document_formula_errors
from services.scoring.schemes.yaml_tree import compose_yaml, plain_values
from shared.yaml_tree import error_document

M = TypeVar("M", bound=BaseModel)
DEFAULT_SCHEME = "lanxian-2022"
BUILT_IN_FOLDER = files("services.scoring.schemes")
MAX_MISTAKES = 100  # that are told
MAX_SCHEME_BYTES = 1_000_000  # a scheme is read by people; a file beyond this is another file


class BuiltInDocuments(Mapping[str, M]):
    """The built-in documents of a folder by id, each read when it is first used.

    A document lies in the file that is named after its id.
    """

    def __init__(self, folder: Traversable, model: type[M]) -> None:
        self.model = model
        names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
        self.files = {name.removesuffix(".yaml"): folder / name for name in names}
        self.documents: dict[str, M] = {}

    def __getitem__(self, id: str) -> M:
        if id not in self.documents:
            file = self.files[id]
            text = file.read_text(encoding="utf-8")
            self.documents[id] = parse_document(text, self.model, file.name)
        return self.documents[id]

    def __contains__(self, id: object) -> bool:
        return id in self.files

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


@cache
def built_in_schemes() -> Mapping[str, Scheme]:
    """The built-in schemes by id."""
    return BuiltInDocuments(BUILT_IN_FOLDER, Scheme)


@cache
def built_in_lights() -> Mapping[str, Lights]:
    """The built-in light presets by id."""
    return BuiltInDocuments(BUILT_IN_FOLDER / "lights", Lights)


@cache
def built_in_honours(kind: str) -> Mapping[str, Honours]:
    """The built-in `boards`, `streaks` or `awards` by id."""
    return BuiltInDocuments(BUILT_IN_FOLDER / kind, Honours)


def find_scheme(name_or_file: str) -> Scheme:
    """Find a built-in scheme by its id, or read one from a file. Raises SchemeMistake."""
    if name_or_file in built_in_schemes():
        return built_in_schemes()[name_or_file]
    path = Path(name_or_file)
    if not is_file(path):
        known = "、".join(built_in_schemes())
        raise SchemeMistake(f"没有内置方案或文件“{name_or_file}”；内置方案：{known}")
    if path.stat().st_size > MAX_SCHEME_BYTES:
        raise SchemeMistake(f"{path} 超过 {MAX_SCHEME_BYTES} 字节，不像方案文件")
    try:
        return parse_document(path.read_text(encoding="utf-8-sig"), Scheme, path.name)
    except UnicodeDecodeError:
        raise SchemeMistake(f"{path} 不是 UTF-8 文本") from None


def parse_scheme(text: str) -> tuple[Scheme, Lights]:
    """Parse a scheme, and resolve its lights. Raises SchemeMistake."""
    try:
        scheme = parse_document(text, Scheme, "方案")
        return scheme, resolve_lights(scheme)
    except RecursionError:
        raise SchemeMistake("事实和指标一层套一层，套得太深") from None


def resolve_lights(scheme: Scheme) -> Lights:
    """The preset that a scheme names or contains. Raises SchemeMistake."""
    preset = scheme.lights
    if not isinstance(preset, Lights):
        known = built_in_lights()
        if preset not in known:
            raise SchemeMistake(f"没有红黄绿灯方案“{preset}”，可用：{'、'.join(known)}")
        preset = known[preset]
    for word, own, brought in (
        ("事实", scheme.facts, preset.facts),
        ("指标", scheme.metrics, preset.metrics),
    ):
        if twice := sorted({each.id for each in own} & {each.id for each in brought}):
            raise SchemeMistake(f"方案与红黄绿灯方案“{preset.id}”的{word}重名：{'、'.join(twice)}")
    return preset


def resolve_named_honours(document: dict[str, Any], root: yaml.Node) -> Iterator[LocatedError]:
    """Replace names of built-in boards, streaks and awards in place; yield unknown names."""
    for kind in HONOUR_SECTIONS:
        if isinstance(name := document.get(kind), str):
            known = built_in_honours(kind)
            document[kind] = getattr(known[name], kind) if name in known else ()
            if name not in known:
                message = f"没有名为“{name}”的内置方案，可用：{'、'.join(known)}"
                yield LocatedError(child_node(root, kind) or root, kind, message)


def is_file(path: Path) -> bool:
    """Whether a file exists; False for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def parse_document(text: str, model: type[M], name: str) -> M:
    """Parse a document as a model. Raises SchemeMistake with line and column of every mistake."""
    parsed, _, errors = examine_document(text, model, name)
    if parsed is None or errors:
        raise build_mistake(sort_errors(errors), name)
    return parsed


def build_mistake(errors: Sequence[LocatedError], name: str) -> SchemeMistake:
    """The mistake that tells the first errors, and how many there are."""
    told = errors[:MAX_MISTAKES]
    lines = [f"{name} {error}" for error in told]
    mistakes = [
        error_document(error.node.start_mark, f"{error.path}：{error.message}".lstrip("："))
        for error in told
    ]
    if len(errors) > len(told):
        more = f"共 {len(errors)} 处错误，只列出前 {MAX_MISTAKES} 处"
        lines.append(f"{name}：{more}")
        mistakes.append(error_document(None, more))
    return SchemeMistake("\n".join(lines), mistakes=mistakes)


def examine_document(
    text: str, model: type[M], name: str
) -> tuple[M | None, yaml.MappingNode, list[LocatedError]]:
    """The model of a document (None where its shape is wrong), its tree, and its errors.

    Raises SchemeMistake where it is no document.
    """
    node = compose_yaml(text, name)
    document = plain_values(node, name)
    errors: list[LocatedError] = []
    if issubclass(model, Scheme):
        errors += [*reference_errors(document, node), *resolve_named_honours(document, node)]
    try:
        parsed = model.model_validate(document)
        return parsed, node, [*errors, *document_formula_errors(parsed, node)]
    except ValidationError as error:
        errors += shape_errors(error, node, model)
        if not errors:  # an error without a message here: better raw than not at all
            raise
        return None, node, errors
