"""A session says what the batch says, whatever happens in whatever order, and however often its child is killed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.live.chain import Chain
from cityrules.live.forward import DurableChain
from cityrules.live.walk import PlainWalk
from live.operations import NAMES, OPERATIONS, Life, Operation, Population, populations

LONG = os.environ.get("CITYRULES_PROFILE") == "long"
CHAINS = ["plain", "durable"]


@pytest.fixture(scope="module", params=CHAINS)
def chain(request: pytest.FixtureRequest) -> Iterator[Chain]:
    if request.param == "durable" and util.find_spec("durable") is None:
        pytest.skip("durable-rules is not installed (the extra `live`, a C compiler)")
    made: Chain = DurableChain() if request.param == "durable" else PlainWalk()
    yield made
    made.close()


@pytest.fixture(autouse=True, scope="module")
def _without_waiting_for_the_disk() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cityrules.live.journal.os.fsync", lambda _file: None)
        yield


def live_through(population: Population, chain: Chain, folder: Path, operations: list[Operation], checked: int) -> None:
    """Live through some operations, comparing with the batch after each one in `checked` and at the end."""
    path = folder / "journal.jsonl"
    path.unlink(missing_ok=True)
    life = Life(population, chain, path)
    try:
        for number, operation in enumerate(operations, 1):
            life.do(operation)
            if number % checked == 0 or number == len(operations):
                life.check()
    finally:
        life.session.close()


@settings(max_examples=300 if LONG else 30)
@given(name=st.sampled_from([one.name for one in populations()]), operations=st.lists(OPERATIONS, max_size=20))
def test_a_session_is_the_batch(
    chain: Chain, tmp_path_factory: pytest.TempPathFactory, name: str, operations: list[Operation]
) -> None:
    population = next(one for one in populations() if one.name == name)
    live_through(population, chain, tmp_path_factory.getbasetemp(), operations, checked=5)


@pytest.mark.skipif(not LONG, reason="100,000 operations: the long run")
def test_a_hundred_thousand_operations(chain: Chain, tmp_path: Path) -> None:
    """Half of them on each chain. A failure is found again by its seed, and shrinks in the test above."""
    rng = random.Random(20)
    done = 0
    while done < 50_000:
        seed = rng.randrange(10**9)
        own = random.Random(seed)
        operations: list[Operation] = [
            (own.choice(NAMES), own.randrange(6), own.randrange(8), own.randrange(24), own.randrange(8))
            for _ in range(own.randrange(20, 200))
        ]
        population = own.choice(populations())
        try:
            live_through(population, chain, tmp_path, operations, checked=own.choice([1, 5, 20]))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {population.name}") from error
        done += len(operations)
