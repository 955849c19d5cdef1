"""Writes `reference/`: every form and key of the language, its Chinese form, and where a tested scheme uses it.

Made from the models, the vocabulary, the functions and the shipped schemes. Part of no package. Run it as
`python docs/make_reference.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel

from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.feel.kinds import properties
from cityrules.feel.types import Date, DateTime, Duration
from cityrules.plan.model import DEADLINE_PARTS
from cityrules.plan.unreadable import SEASON_PARTS
from cityrules.scheme.document import FORMS, Body, CaseBody, CasesDocument, Document, ExampleBody, MeasureBody
from cityrules.scheme.keys import body_at, keys, models_of
from cityrules.scheme.names import WORDS
from cityrules.scheme.texts import Reader
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.source import Source
from cityrules.text.vocabulary import vocabulary
from cityrules.text.yaml import read

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "reference"
SPECS: Final = HERE.parent / "specs"
COMMON: Final = ("clause", "label", "note", "by")
MARK: Final = (
    "Made by `python docs/make_reference.py` from the models, the vocabulary and the shipped schemes; do not edit.\n"
)
_LONGEST: Final = 64
_LINES: Final = 24
_WHOLE: Final = ("gallery/park-upkeep", "gallery/road-cleaning")
"""Regulations in full, which show a form among much else."""

_GIVEN: Final = {
    "as_of": ("what was known when; without it the end of what is assessed", "2024-04-05T12:00:00"),
    "targets": (
        "the registered targets of each kind, by name alone or with their fields",
        "{squad: [A, {name: B, class: I}]}",
    ),
    "values": ("what stands in for measures, cell by cell", "{score: {A 2024-03: 88}}"),
    "RECORD": (
        "the rows of a kind of record; keys that are not written are numbered",
        "[{squad: A, found_on: 2024-03-01}]",
    ),
    "repeat": ("how often it comes", "3"),
    "row": ("the row", "{squad: A, found_on: 2024-03-01}"),
}
_EXPECT: Final = {
    "MEASURE": (
        "values by cell, or by the key of the record; `undetermined` where there can be none, "
        "instead of the cells where the text leaves open what all of them need; `no cell` where there is none, because "
        "the measure does not apply or nothing is in force",
        "{A 2024-03: 98.5}",
    ),
    "CONSEQUENCE": ("all cells in which it follows, or the step in each", "[A 2024-03]` or `{A 2024-03: talk}"),
    "rejects": ("the keys of the rows that are not accepted, or the reason of each", "{finding: [3]}"),
    "movements": (
        "of ledgers, cell by cell and rule by rule: the points that count, of all its movements together or by the key "
        "of the record; `null` where there is no movement",
        "{score: {A 2024-03: {late: -6, gross: {F3: -5}}}}",
    ),
    "diagnostics": (
        "the codes with which the document under `under` is refused; nothing is run then, and nothing else expected",
        "[CR250]",
    ),
    "problems": (
        "the cells of a measure, consequence or check that are undetermined or complained about; "
        "empty: there are none at all",
        "{score: [A 2024-03]}",
    ),
}
_NAMED: Final = {"MEASURE": "指标", "CONSEQUENCE": "后果"}
"""What stands for the names of the document."""

Model = type[BaseModel]


@dataclass(frozen=True)
class Use:
    """A body of a shipped scheme: its key and value as they stand in the file, and the scheme."""

    scheme: str
    text: str
    node: MapNode

    @property
    def link(self) -> str:
        return f"[{self.scheme}](../../specs/{self.scheme}/scheme.yaml)"

    @property
    def far(self) -> int:
        """How far a scheme is from showing one form alone."""
        return 2 if "gallery" not in self.scheme else int(self.scheme in _WHOLE)


# --------------------------------------------------------------------------------------------- what the schemes show


@cache
def uses() -> Mapping[str, list[Use]]:
    """Every body of the shipped English schemes by the name of its model; the gallery first, short bodies first."""
    found: dict[str, list[Use]] = {}
    for path in sorted(SPECS.rglob("scheme.yaml"), key=lambda path: ("gallery" not in path.parts, path)):
        root = read(Source(path.as_posix(), path.read_text("utf-8")), Report())
        if root is not None and root.get("cityrules") is not None:
            scheme = path.parent.relative_to(SPECS).as_posix()
            for model, use in _bodies(root, plain(root), (), scheme, None):
                found.setdefault(model.__name__, []).append(use)
    for of_model in found.values():
        of_model.sort(key=lambda use: (use.far, len(use.text)))
    return found


def _bodies(
    node: Node, raw: Any, path: tuple[str, ...], scheme: str, key: Scalar | None
) -> Iterator[tuple[Model, Use]]:
    if not isinstance(node, MapNode):
        return
    model = body_at(path, raw)
    if model is not None:
        yield model, Use(scheme, _written(key, node), node)
    for inner, value in node.items:
        yield from _bodies(value, raw, (*path, inner.text), scheme, inner)


def _written(key: Scalar | None, node: Node) -> str:
    """A key and its value as they stand in the file, moved to the margin."""
    source, start = node.span.source, (key or node).span.start
    text = source.text[start : node.span.end].rstrip()
    indent = source.position(start).column - 1
    return re.sub(rf"\n {{1,{max(1, indent)}}}", "\n", text) if indent else text


def _sample(model: Model, key: str) -> tuple[str, Use] | None:
    """A value that a shipped scheme gives to a key of a body, or of one that has the key from the same place."""
    names = {sub.__name__ for sub in (model, *_made_from(_origin(model, key)))}
    found = [
        (value, use)
        for name, of_model in uses().items()
        if name in names
        for use in of_model
        if (node := use.node.get(key)) is not None and (value := _one_line(node)) and len(value) <= _LONGEST
    ]
    # The body's own comes before that of a relative, the gallery's before others, a telling one before a short one.
    own = [each for each in found if each[1] in uses().get(model.__name__, ())]
    return min(own or found, key=lambda each: (each[1].far, -min(len(each[0]), 24)), default=None)


def _origin(model: Model, key: str) -> Model:
    """The body that brings a key into the ones made from it."""
    field = keys(model)[key]
    name = next(name for name, each in model.model_fields.items() if each is field)
    return next(one for one in reversed(model.__mro__) if name in getattr(one, "__annotations__", {}))


def _made_from(model: Model) -> list[Model]:
    return [sub for direct in model.__subclasses__() for sub in (direct, *_made_from(direct))]


def _one_line(node: Node) -> str:
    text = node.span.text.strip()
    return "" if "\n" in text or (not isinstance(node, Scalar) and not text.startswith(("{", "["))) else text


# ------------------------------------------------------------------------------------------------------- what it takes


def _takes(annotation: Any, key: str, metadata: tuple[Any, ...] = ()) -> str:
    """What a key takes, in words."""
    reader = next((extra for extra in metadata if isinstance(extra, Reader)), None)
    if reader is not None:
        return _said(reader)
    origin, arguments = get_origin(annotation), [part for part in get_args(annotation) if part is not type(None)]
    if annotation is Any:
        return "see below"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = annotation.__name__.removesuffix("Body")
        return f"a map: [{name}]({_homes().get(annotation, 'document')}.md#{name.lower()})"
    if origin is Annotated:
        return _takes(arguments[0], key, tuple(arguments[1:]))
    if origin is Literal:
        return ", ".join(f"`{word}` ({vocabulary().word(key, str(word))})" for word in arguments)
    if origin is Mapping:
        return (
            "a map" if key in ("measures",) or arguments[1] is Any else f"a map of names to: {_takes(arguments[1], '')}"
        )
    if origin is tuple:
        return f"a list of: {_takes(arguments[0], key)}"
    return " or ".join(dict.fromkeys(_takes(part, key) for part in arguments))


def _said(reader: Reader) -> str:
    text = str(reader.schema.get("description", "")).rstrip(".")
    if text:
        return (text[0].lower() + text[1:]).replace("|", "\\|")
    return "a name" if reader.speech == "axis" else "a text or number"


@cache
def meanings() -> Mapping[str, str]:
    """A line for each key; our own data."""
    loaded: dict[str, str] = yaml.load((FOLDER / "meanings.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return loaded


def meaning(model: Model, key: str) -> str | None:
    """What a key means in a body, or in the one that it is made from."""
    known = meanings()
    return next((known[name] for one in model.__mro__ if (name := f"{one.__name__}.{key}") in known), known.get(key))


# --------------------------------------------------------------------------------------------------------------- pages


def body(model: Model, title: str, without: tuple[str, ...] = COMMON) -> Iterator[str]:
    """A section about one body: what it is, its keys, and one that is really used."""
    said = " ".join((model.__doc__ or "").split())
    yield f"## {title}\n\n{said}\n"
    shown = {key: field for key, field in keys(model).items() if key not in without}
    if shown:
        yield "| key | 中文 | means | takes | used as |\n|---|---|---|---|---|"
        for key, field in shown.items():
            must = " **!**" if field.is_required() else ""
            sample = _sample(model, key)
            used = f"`{sample[0].replace('|', chr(92) + '|')}` in {sample[1].link}" if sample else ""
            takes = _takes(field.annotation, key, tuple(field.metadata))
            yield (
                f"| `{key}`{must} | `{vocabulary().key(model.__name__, key)}` | {meaning(model, key) or '-'} "
                f"| {takes} | {used} |"
            )
        yield ""
    use = next((use for use in uses().get(model.__name__, ()) if 1 <= use.text.count("\n") + 1 <= _LINES), None)
    if use is not None and model is not Document:
        yield f"```yaml\n{use.text}\n```\n\nFrom {use.link}, whose worked examples the check runs.\n"


def _page(title: str, *parts: str) -> str:
    return "\n".join([f"# {title}\n\n{MARK}", *parts]).rstrip() + "\n"


def _named(models: list[Model]) -> list[str]:
    lines: list[str] = []
    for model in models:
        lines += body(model, model.__name__.removesuffix("Body"))
    return lines


def _inner(model: Model) -> list[Model]:
    """The bodies inside a body that stand on no page of their own."""
    found: list[Model] = [model]
    for each in found:  # Grows as it goes.
        for field in keys(each).values():
            found += [one for one in models_of(field.annotation) if one not in found and one not in FORMS.values()]
    return found


def pages() -> Mapping[Path, str]:
    """Every page by its file."""
    of = _sections()
    made = {
        "document": _page("The document", *body(Document, "Document"), *_common(), *_named(of["document"])),
        "inputs": _page("Inputs", *_named(of["inputs"])),
        "measures": _page("Measures", *_measures()),
        "consequences": _page("Consequences", *_named(of["consequences"])),
        "cases": _page("Checks, readings, uncomputed, examples", *_named(of["cases"]), *_free_forms(), *_casebook()),
        "expressions": _page("Expressions", *_expressions()),
        "notations": _page("Small notations", *_notations()),
    }
    index = [
        "Each key stands with its Chinese form, what it means, what it takes, and a value that a shipped scheme gives",
        "it. **!** marks what must be stated; what must be stated under a condition is asked for by the check, where",
        "it matters.\n",
        *(f"* [{text.splitlines()[0].removeprefix('# ')}]({name}.md)" for name, text in made.items()),
        "\nThe rules behind the keys, in prose: [the language](../language.md). What each form means to the last row:",
        "[what engines must agree on](../engines.md).",
    ]
    made["README"] = _page("Reference of the language", *index)
    return {FOLDER / f"{name}.md": text for name, text in made.items()}


@cache
def _homes() -> Mapping[Model, str]:
    """The page on which the section of each body is."""
    homes: dict[Model, str] = {}
    for page, models in _sections().items():
        for model in models:
            homes.setdefault(model, page)
    return homes


@cache
def _sections() -> Mapping[str, list[Model]]:
    """The bodies that have a section under their own name, by page."""
    of = {key: models_of(field.annotation) for key, field in keys(Document).items() if models_of(field.annotation)}
    inputs = [key for key in of if key in ("calendar", "periods", "parameters", "tables", "targets", "records")]
    others = [key for key in of if key not in (*inputs, "measures", "consequences", "in_force")]
    inside = dict.fromkeys(inner for model in FORMS.values() for inner in _inner(model) if inner not in FORMS.values())
    return {
        "document": _inner(*of["in_force"]),
        "inputs": _all(of, inputs),
        "measures": list(inside),
        "consequences": _all(of, ["consequences"]),
        "cases": _all(of, others),
    }


def _all(sections: Mapping[str, tuple[Model, ...]], names: list[str]) -> list[Model]:
    return list(dict.fromkeys(inner for name in names for model in sections[name] for inner in _inner(model)))


def _common() -> Iterator[str]:
    yield "## Every body\n\nWhat every named body may carry.\n\n| key | 中文 | means |\n|---|---|---|"
    for key in keys(Body):
        yield f"| `{key}` | `{vocabulary().key('Body', key)}` | {meaning(Body, key)} |"
    yield ""


def _measures() -> Iterator[str]:
    yield "Exactly one key gives a measure its form.\n"
    for form in FORMS:
        yield f"* [`{form}`](#{form}) `{vocabulary().key(FORMS[form].__name__, form)}`"
    yield ""
    yield from body(MeasureBody, "Every measure")
    common = (*COMMON, *keys(MeasureBody))
    for form, model in FORMS.items():
        yield from body(model, form, common)
    yield from _named(_sections()["measures"])


def _expressions() -> Iterator[str]:
    known = vocabulary()
    texts = list(_texts())
    yield "## Words\n\n| word | 中文 | used in |\n|---|---|---|"
    for word, said in {**known.operators, **known.names}.items():
        if word in WORDS or _used(texts, word):
            yield f"| `{word}` | `{said}` | {_used(texts, word)} |"
    also = f"`{known.operators['and']}` is read there, too, and `fmt` mends it"
    yield f"\nIn `x between a and b` the `and` is `{known.between_and}` in Chinese ({also}).\n"
    yield "## Functions\n\n| function | 中文 | arguments | used in |\n|---|---|---|---|"
    for name in [name for name in (*FUNCTIONS, *OVER_NAMES) if name != "not"]:
        arity = FUNCTIONS[name].arity if name in FUNCTIONS else "a name"
        yield f"| `{name}` | `{known.functions[name]}` | {arity} | {_used(texts, name, behind='(')} |"
    yield "\n## Properties\n\nBehind a dot: of dates, durations, periods and deadlines.\n"
    yield "| property | 中文 | used in |\n|---|---|---|"
    types = (Date(), DateTime(), Duration("days"), Duration("months"))
    ours = {*SEASON_PARTS, *DEADLINE_PARTS, *(name for type_ in types for name in properties(type_))}
    for name, said in known.properties.items():
        if name in ours or _used(texts, name, before="."):
            yield f"| `.{name}` | `.{said}` | {_used(texts, name, before='.')} |"
    yield "\n## Periods and axes\n\n| word | 中文 |\n|---|---|"
    for word, said in {**known.periods, **known.axes}.items():
        yield f"| `{word}` | `{said}` |"


def _notations() -> Iterator[str]:
    known = vocabulary()
    yield "Words in braces stand for names, numbers and the words of the lists below.\n"
    for name, ways in known.notations.items():
        yield f"## {name}\n\n| English | 中文 |\n|---|---|"
        yield from (f"| `{way.en}` | `{way.zh}` |" for way in ways)
        yield ""
    for name, words in known.groups.items():
        yield f"## {{{name}}}\n\n| English | 中文 |\n|---|---|"
        yield from (f"| `{word}` | `{said}` |" for word, said in words.items())
        yield ""

    yield "## Words that stand for a value\n\nAt keys that otherwise take a value: what `missing` and `empty` say."
    yield "\n| English | 中文 |\n|---|---|"
    flags = {word: known.operators[word] for word in ("true", "false")}
    words = {word: known.words[word] for word in dict.fromkeys((*known.labels, *known.results))}
    yield from (f"| `{word}` | `{said}` |" for word, said in {**words, **flags}.items())
    yield "\nRows of records in examples, and values expected, are data: they are written alike in both languages."


def _free_forms() -> Iterator[str]:
    """The keys in `given` and `expect`, of which most are names of the document."""
    known = vocabulary()
    yield "## Given\n\nWhat a case starts from. A cell is written `NAME 2024-03`, of the whole city `2024-03`,"
    yield "without periods `NAME`.\n"
    yield from _shapes(
        [(name, known.key("given", name) or "-", meaning) for name, meaning in _GIVEN.items() if name in known.given]
        + [("RECORD", known.samples["RECORD"], _GIVEN["RECORD"])]
    )
    yield "Of a row that comes several times:\n"
    yield from _shapes([(name, known.keys[name], _GIVEN[name]) for name in known.repeated])
    yield "## Expect\n\nWhat must come out. Only what is named is compared.\n"
    own = [(name, _NAMED[name], meaning) for name, meaning in _EXPECT.items() if name not in known.expected]
    yield from _shapes(own + [(name, known.keys[name], _EXPECT[name]) for name in known.expected])


def _casebook() -> Iterator[str]:
    """What a file of cases has beside what an example has."""
    yield "## File of cases\n\n" + " ".join((CasesDocument.__doc__ or "").split()) + "\n"
    yield "| key | 中文 | means | takes |\n|---|---|---|---|"
    for model, without in ((CasesDocument, ()), (CaseBody, tuple(keys(ExampleBody)))):
        for key, field in keys(model).items():
            if key not in without:
                must = " **!**" if field.is_required() else ""
                said = vocabulary().key(model.__name__, key)
                takes = _takes(field.annotation, key, tuple(field.metadata))
                takes = takes.replace("[Case](document.md#case)", "[Example](#example)")
                yield f"| `{key}`{must} | `{said}` | {meaning(model, key) or '-'} | {takes} |"
    yield "\nHow it is run, and how cases are proposed: [Testing a scheme](../testing.md).\n"


def _shapes(lines: list[tuple[str, str, tuple[str, str]]]) -> Iterator[str]:
    yield "| key | 中文 | holds | written |\n|---|---|---|---|"
    yield from (f"| `{name}` | `{said}` | {holds} | `{written}` |" for name, said, (holds, written) in lines)
    yield ""


def _texts() -> Iterator[tuple[str, Use]]:
    """Every expression of the shipped English schemes that stands on one line."""
    for of_model in uses().values():
        for use in of_model:
            model = next(name for name, known in uses().items() if known is of_model)
            for key, value in use.node.items:
                if isinstance(value, Scalar) and len(value.text) <= _LONGEST and _is_expression(model, key.text):
                    yield value.text, use


def _is_expression(model: str, key: str) -> bool:
    known = next((one for one in _models() if one.__name__ == model), None)
    field = keys(known).get(key) if known is not None else None
    return field is not None and _reads_expression((*field.metadata, field.annotation))


def _reads_expression(parts: Any) -> bool:
    return any(
        (isinstance(part, Reader) and part.speech == "expression")
        or _reads_expression((*get_args(part), *getattr(part, "__metadata__", ())))
        for part in parts
    )


@cache
def _models() -> tuple[Model, ...]:
    found: list[Model] = [Document]
    for each in found:  # Grows as it goes.
        for field in keys(each).values():
            found += [one for one in models_of(field.annotation) if one not in found]
    return tuple(found)


def _used(texts: list[tuple[str, Use]], word: str, before: str = "", behind: str = "") -> str:
    """The shortest expression that has a word, with what must stand before and behind it."""
    edge = re.escape(before) or r"(?<![.\w])"
    pattern = edge + word + (re.escape(behind) or r"(?!\w)")
    found = [(text, use) for text, use in texts if re.search(pattern, re.sub(r'"[^"]*"', '""', text))]
    best = min(found, key=lambda each: (each[1].far, len(each[0]), each[0]), default=None)
    return f"`{best[0].replace('|', chr(92) + '|')}` in {best[1].link}" if best else ""


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
