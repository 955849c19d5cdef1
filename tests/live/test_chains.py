"""The contract of chains: the same moves for the same cells, whoever walks them and whatever becomes of the child."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.live.chain import NO, UNKNOWN, YES, Cell, ChainError, Move, Shape
from cityrules.live.forward import DurableChain
from cityrules.live.walk import PlainWalk
from cityrules.plan.climbing import BOUNDED, Climb, Trigger

TRIGGERS: tuple[Trigger, ...] = (*BOUNDED, "each_period", "on_entry")


@pytest.fixture(scope="module")
def durable() -> Iterator[DurableChain]:
    pytest.importorskip("durable.engine", reason="durable-rules is not installed (the extra `live`, a C compiler)")
    chain = DurableChain()
    yield chain
    chain.close()


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    triggers = tuple(draw(st.lists(st.sampled_from(TRIGGERS), min_size=1, max_size=4)))
    restart = draw(st.sampled_from([None, *range(len(triggers))]))
    surplus = None if restart is None else draw(st.sampled_from(["carried", "dropped"]))
    run = draw(st.sampled_from([None, "breaks", "holds", "counts"]))
    return Shape(Climb(triggers, restart, surplus, draw(st.booleans())), run, draw(st.sampled_from([1, 100])))


@st.composite
def walks(draw: st.DrawFn, shape: Shape) -> list[Cell]:
    cells: list[Cell] = []
    at = draw(st.integers(0, 30_000))
    marks = ["hit", "hit", "hit", "miss", "missing", "unknown"] if shape.run else ["hit", "hit", "hit", "unknown"]
    for number in range(draw(st.integers(1, 12))):
        hole = number == 0 or draw(st.integers(0, 9)) == 0
        at += 2 if hole else 1
        steps = [
            draw(st.integers(-1, 5)) * shape.unit
            if trigger in BOUNDED
            else draw(st.sampled_from([NO, YES, YES, UNKNOWN]))
            for trigger in shape.climb.triggers
        ]
        cells.append(
            Cell(
                at, hole, hole or draw(st.integers(0, 9)) == 0, draw(st.sampled_from(marks)),
                0 if shape.run else draw(st.integers(-2, 8)) * shape.unit, draw(st.integers(0, 9)) == 0, tuple(steps),
                tuple(number for number in range(len(steps)) if draw(st.integers(0, 9)) == 0),
            )
        )  # fmt: skip
    return cells


@given(data=st.data())
def test_durable_rules_walks_as_the_plain_walk_does(durable: DurableChain, data: st.DataObject) -> None:
    """Whole walks, walks that go on, and walks that were told otherwise before, in threads that live on."""
    shape = data.draw(shapes())
    cells = data.draw(walks(shape))
    known = data.draw(st.integers(0, len(cells)))
    before = cells[:known] if data.draw(st.booleans()) else data.draw(walks(shape))
    thread = data.draw(st.sampled_from("abc"))
    for told in (before, cells):
        assert durable.moves(thread, shape, told) == PlainWalk().moves(thread, shape, told)


def run_of(length: int) -> list[Cell]:
    return [Cell(at, at == 0, at == 0, "hit", 0, False, (3, 6)) for at in range(length)]


TALK_AND_SUSPENSION = Shape(Climb(("reaches", "reaches"), highest=True), "breaks")


def test_a_killed_child_loses_nothing(durable: DurableChain) -> None:
    rng = random.Random(3)
    for length in range(1, 30):
        if durable.pid is not None and rng.random() < 0.4:
            os.kill(durable.pid, signal.SIGKILL)
        cells = run_of(length)
        assert durable.moves("killed", TALK_AND_SUSPENSION, cells) == PlainWalk().moves("", TALK_AND_SUSPENSION, cells)
    assert durable.started > 3


def test_a_child_that_falls_silent_is_replaced(durable: DurableChain) -> None:
    impatient = DurableChain(deadline=2)
    assert len(impatient.moves("", TALK_AND_SUSPENSION, run_of(3))) == 3
    assert impatient.pid is not None
    os.kill(impatient.pid, signal.SIGSTOP)
    assert impatient.moves("", TALK_AND_SUSPENSION, run_of(4))[-1] == Move(3, 4, 4, ())
    assert impatient.started == 2
    impatient.close()


def test_more_threads_than_durable_rules_bears(durable: DurableChain) -> None:
    """Beyond 200 sessions the oldest are forgotten, and asked for again; beyond 6,000 facts the child is replaced."""
    for length in (3, 4):
        for number in range(230):
            cells = run_of(length)
            moves = durable.moves(f"many{number}", TALK_AND_SUSPENSION, cells)
            assert moves == PlainWalk().moves("", TALK_AND_SUSPENSION, cells)


def test_long_walks_go_in_pieces(durable: DurableChain) -> None:
    cells = run_of(250)
    assert durable.moves("long", TALK_AND_SUSPENSION, cells) == PlainWalk().moves("", TALK_AND_SUSPENSION, cells)


@pytest.mark.parametrize("answer", [{}, {"moves": None}, {"moves": [[]]}, {"moves": []}, {"moves": [[7, 1, 1, []]]}])
def test_a_child_that_talks_nonsense_is_given_up_in_the_end(
    durable: DurableChain, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    monkeypatch.setattr("cityrules.live.forward._Child.ask", lambda _self, _question: answer)
    chain = DurableChain()
    with pytest.raises(ChainError, match="3 times"):
        chain.moves("", TALK_AND_SUSPENSION, run_of(1))
    chain.close()


def test_without_durable_rules_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hidden = tmp_path / "durable"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ImportError('not built')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ChainError, match="cityrules\\[live\\]"):
        DurableChain().moves("", TALK_AND_SUSPENSION, run_of(1))


def test_durable_rules_is_imported_by_the_child_alone() -> None:
    program = "import sys, cityrules.live.session, cityrules.live.forward; print('durable' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
