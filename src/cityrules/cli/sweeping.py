"""`sweep`: one address under many values, as text, CSV or JSON; and the values that are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cityrules.cli.console import out
from cityrules.cli.counting import counted_table
from cityrules.cli.failures import usage
from cityrules.cli.options import new_value, read_value
from cityrules.cli.telling import Teller, as_data
from cityrules.compare.questions.asking import value_row
from cityrules.compare.questions.moves import Moved
from cityrules.compare.questions.sweep import Sweep, Swept
from cityrules.loaded import Scheme
from cityrules.scheme.said import Said
from cityrules.scheme.translate import translate_change
from cityrules.testing.writing.layout import flow
from cityrules.text.diagnostic import Language
from cityrules.text.nodes import Node, plain
from cityrules.text.nodes import Sequence as ListNode


def asked_values(
    scheme: Scheme, address: str, first: str | None, last: str | None, step: str | None, values: str | None
) -> tuple[str, list[object]]:
    """The address and the values in canonical words: a row of numbers, or a list as it would stand in a document.
    Raises UsageError, Unanswerable."""
    row = (first, last, step)
    if (values is None) is (None in row) or (values is not None and row != (None, None, None)):
        raise usage("CR1128")
    if values is None:
        return canonical(scheme, address), [*value_row(*row)]
    node = read_value(address, f"[{values}]", "--values")
    items = node.items if isinstance(node, ListNode) else ()
    return canonical(scheme, address), [_canonical(scheme, address, item)[1] for item in items]


def canonical(scheme: Scheme, address: str) -> str:
    """An address in canonical words."""
    return _canonical(scheme, address, read_value(address, "0"))[0]


def _canonical(scheme: Scheme, address: str, node: Node) -> tuple[str, object]:
    if scheme.language == "zh":
        address, node = translate_change(address, node, scheme.written.root)
    return address, new_value(node)


def tell(
    scheme: Scheme,
    found: Sweep,
    period: str,
    engine: str,
    language: Language,
    format: str,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many targets of one change the text names, 0 for all."""
    if as_data(format, found.table, found.to_json(language)):
        return
    teller = Teller(scheme, language, out(), most)
    found = _said(found, Said(scheme.written))
    teller.head()
    teller.tell(
        "sweep_of", address=found.address, clause=found.clause, written=found.written, period=period, engine=engine
    )
    teller.under(changes)
    names = _names(found)
    changing = {move.about.name for one in found.values for move in (*one.moved, *one.newly)}
    for name, label in names.items():
        if name in changing:
            _table(teller, found, name, label)
    teller.failures((_value(teller, one), one.failed) for one in found.values if one.failed)
    teller.gap()
    if any(one.newly for one in found.values):
        teller.tell("steps_of")
        for one in found.values:
            _steps(teller, one, names)
    elif any(not one.failed for one in found.values):
        teller.tell("nobody_changes")
    same = [teller.called(name, label) for name, label in names.items() if name not in changing]
    if same and _good(found):
        teller.tell("the_same", names=", ".join(same))


def _said(found: Sweep, said: Said) -> Sweep:
    """The same with its address and values as the document says them."""
    path = found.address.split(".")

    def told(value: str | None) -> str | None:
        if value is None or not value.startswith(("{", "[")):
            return None if value is None else said.at(path, value)
        return flow(plain(said.node(path, read_value(found.address, value))))

    values = tuple(replace(one, value=told(one.value)) for one in found.values)
    return replace(found, address=said.address(found.address), written=told(found.written), values=values)


def _names(found: Sweep) -> dict[str, str | None]:
    """What is told about, with labels, in the order of the tallies; what is only moved (places) behind."""
    every = [*found.as_written, *(tally for one in found.values for tally in one.tallies)]
    names: dict[str, str | None] = {tally.name: tally.label for tally in every}
    moved = (move.about.name for one in found.values for move in (*one.moved, *one.newly))
    return names | {name: None for name in moved if name not in names}


def _table(teller: Teller, found: Sweep, name: str, label: str | None) -> None:
    rows = [(_written(teller, found), found.as_written), *((_value(teller, one), one.tallies) for one in _good(found))]
    beside = [("", ""), *((_number(one.moved, name), _number(one.newly, name)) for one in _good(found))]
    heads = (teller.say("moved"), teller.say("newly"))
    counted_table(teller, teller.say("value"), name, label, rows, heads, beside)


def _good(found: Sweep) -> list[Swept]:
    return [one for one in found.values if not one.failed]


def _written(teller: Teller, found: Sweep) -> str:
    return teller.say("as_written", value=found.written or "").strip()


def _value(teller: Teller, one: Swept) -> str:
    return teller.say("taken_out") if one.value is None else one.value


def _number(moved: Sequence[Moved], name: str) -> str:
    return str(sum(move.about.name == name for move in moved))


def _steps(teller: Teller, one: Swept, names: dict[str, str | None]) -> None:
    """Who changes with a value, those with the same change together; of numbers and places how many."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    counted: dict[str, int] = {}
    for move in one.newly:
        name = move.about.name
        if move.kind in ("place", "value"):
            counted[name] = counted.get(name, 0) + 1
        else:
            key = name, teller.verdict(move.before), teller.verdict(move.after)
            alike.setdefault(key, []).append(teller.where(move.about))
    value = _value(teller, one)
    for (name, before, after), who in alike.items():
        label = teller.called(name, names.get(name))
        teller.tell("step_line", value=value, label=label, before=before, after=after, **teller.some(who))
    for name, number in counted.items():
        teller.tell("step_count", value=value, label=teller.called(name, names.get(name)), number=str(number))
