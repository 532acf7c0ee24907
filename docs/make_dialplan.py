"""Makes docs/dialplan.md from the texts under the fields of bridge/base/dialplan.py; `--check` only compares."""

from __future__ import annotations

import sys
import types
import typing
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bridge.base.dialplan import Dialplan

PAGE = Path(__file__).with_name("dialplan.md")
HEAD = """# The dialplan

Everything about a theatre is data in one TOML file (`dialplans/*.toml`). It is read and checked whole before anything
starts: an unknown key, a value of the wrong kind or a contradiction is reported with file, key, value and what was
expected, and nothing starts. Relative paths are meant from the file's own folder. `hotline check --dialplan FILE
--side SIDE` tells whether this host can serve it.

This page is made by `make docs` from the texts in `bridge/base/dialplan*.py`.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    seen: list[type[BaseModel]] = []
    _table("", Dialplan, parts, seen)
    return "\n".join(parts)


def _table(path: str, model: type[BaseModel], parts: list[str], seen: list[type[BaseModel]]) -> None:
    """One table of keys, then the tables below it; a kind of table is described once."""
    if model in seen:
        return
    seen.append(model)
    text = " ".join((model.__doc__ or "").split())
    parts += [f"## {'`' + path + '`' if path else 'Top level'}", "", text, ""]
    parts += ["| key | value | default | meaning |", "|---|---|---|---|"]
    below: list[tuple[str, type[BaseModel]]] = []
    for name, field in model.model_fields.items():
        parts.append(
            f"| `{name}` | {_kind(field)} | {_default(field)} | {' '.join((field.description or '').split())} |"
        )
        below += [(_path(path, name, field.annotation), found) for found in _models(field.annotation)]
    parts.append("")
    for where, found in below:
        if found.__name__ != "SipUri":
            _table(where, found, parts, seen)


def _path(path: str, name: str, annotation: object) -> str:
    origin = typing.get_origin(annotation)
    tail = f"{name}.<name>" if origin is dict else f"{name}[]" if origin is list else name
    return f"{path}.{tail}" if path else tail


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in typing.get_args(annotation) for found in _models(inner)]


def _kind(field: FieldInfo) -> str:
    text = _words(field.annotation)
    limits = [_limit(rule) for rule in field.metadata]
    return ", ".join([text, *(limit for limit in limits if limit)])


def _limit(rule: object) -> str:
    """The words of one constraint."""
    words = {
        "ge": "at least",
        "gt": "over",
        "le": "at most",
        "min_length": "length at least",
        "max_length": "length at most",
    }
    for name, word in words.items():
        if hasattr(rule, name):
            return f"{word} {getattr(rule, name)}"
    pattern = getattr(rule, "pattern", None)
    return f"pattern `{pattern.replace('|', chr(92) + '|')}`" if isinstance(pattern, str) else ""


def _words(annotation: object) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return ", ".join([_words(inner[0]), *(_limit(rule) for rule in inner[1].metadata)])
    if origin is typing.Literal:
        return " or ".join(f'`"{value}"`' for value in inner)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_words(one) for one in inner if one is not type(None))
    if origin is list:
        return f"list of ({_words(inner[0])})" if "," in _words(inner[0]) else f"list of {_words(inner[0])}"
    if origin is tuple:
        return f"list of {len(inner)} ({_words(inner[0])})"
    if origin is dict:
        return f"table of {_words(inner[1])}"
    names = {
        "str": "text",
        "int": "integer",
        "float": "number",
        "bool": "true or false",
        "Path": "path",
        "SipUri": "SIP URI",
    }
    name = getattr(annotation, "__name__", str(annotation))
    return names.get(name, "table")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return "as below"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"`{list(value) if isinstance(value, tuple) else value}`"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != page():
            raise SystemExit("docs/dialplan.md is not current: run `make docs`")
    else:
        PAGE.write_text(page(), encoding="utf-8")
