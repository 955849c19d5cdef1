"""A session says what the batch says, whatever happens in whatever order, and however often its child is killed."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.live.chain import Cell, Chain, Move, Shape
from cityrules.live.forward import DurableChain
from cityrules.live.walk import PlainWalk
from cityrules.loaded import CheckFailed, Scheme
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
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_operations(chain: Chain, tmp_path: Path, part: int) -> None:
    """On each chain, in parts so that several workers can share the work. After every so many operations, and at the
    end of each life, what stands and what was told are compared with one assessment of all rows that stand. A failure
    is found again by its seed, and shrinks in the test above."""
    rng = random.Random(20 + part)
    done = 0
    while done < 10_000:
        seed = rng.randrange(10**9)
        own = random.Random(seed)
        operations: list[Operation] = [
            (own.choice(NAMES), own.randrange(6), own.randrange(8), own.randrange(24), own.randrange(8))
            for _ in range(own.randrange(100, 400))
        ]
        population = own.choice(populations())
        try:
            live_through(population, chain, tmp_path, operations, checked=own.choice([10, 25, 100]))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {population.name}") from error
        done += len(operations)


def small(chain: str | Chain = "plain", **more: object) -> Session:
    """A session of two squads, whose heads are talked to after three failing months in a row."""
    population = next(one for one in populations() if one.name.startswith("illegal"))
    session = Session(population.scheme, period="2008..2009", chain=chain, **more)  # type: ignore[arg-type]
    for kind, row in population.first:
        session.post(kind, row)
    return session


def fail(session: Session, squad: str, *months: int) -> None:
    for number in months:
        session.post("month_assessment", {"squad": squad, "period": f"2008-{number:02}", "points": "60"})


def steps(session: Session) -> list[str]:
    """What the ladder of squads did, as changes say it."""
    return [
        f"{change.change} {change.row['target']} {change.row['period']} {change.row['step']} by {change.event.number}"
        for change in session.changes()
        if change.row["consequence"] == "squad_months"
    ]


def test_consequences_are_raised_and_withdrawn_as_they_become_due() -> None:
    with small() as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-03-31T23:59:59")
        assert steps(session) == []
        ends = session.advance("2008-04-01")
        assert ends is not None
        assert steps(session) == [f"raised b1 2008-03 talk by {ends.number}"]
        mended = session.correct("month_assessment", {"squad": "b1", "period": "2008-02", "points": "95"})
        assert mended is not None
        assert steps(session) == [f"withdrawn b1 2008-03 talk by {mended.number}"]


def test_a_late_row_reaches_back_and_forward() -> None:
    """The row that was missing makes the run of six out of two and three."""
    with small() as session:
        fail(session, "b1", 1, 2, 4, 5, 6)
        session.advance("2008-09-01")
        assert [text.rpartition(" by")[0] for text in steps(session)] == ["raised b1 2008-06 talk"]
        fail(session, "b1", 3)
        found = [text.rpartition(" by")[0] for text in steps(session)]
        assert found == ["withdrawn b1 2008-06 talk", "raised b1 2008-03 talk", "raised b1 2008-06 suspend"]


def test_a_closed_period_stands_before_its_end() -> None:
    with small() as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-03-28")
        assert steps(session) == []
        session.close_period("2008-03")
        assert [text.rpartition(" by")[0] for text in steps(session)] == ["raised b1 2008-03 talk"]
        session.advance("2008-04-01")
        assert steps(session) == []


def test_asking_what_stands_does_not_lose_changes() -> None:
    """A counterexample of the long run: what was told before was overwritten when somebody asked what stands."""
    with small() as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-04-01")
        session.changes()
        session.annul("month_assessment", {"squad": "b1", "period": "2008-02"})
        session.consequences()
        assert [text.rpartition(" by")[0] for text in steps(session)] == ["withdrawn b1 2008-03 talk"]


def test_only_what_was_touched_is_assessed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    plain = Scheme.assess

    def noting(self: Scheme, records: Any, **more: Any) -> Any:
        seen.append([row["name"] for row in more["targets"].get("bureau", ())])
        return plain(self, records, **more)

    monkeypatch.setattr(Scheme, "assess", noting)
    with small() as session:
        session.advance("2008-04-01")
        session.changes()
        seen.clear()
        fail(session, "b1", 1)
        session.changes()
        assert seen == [["B"]]
        session.post("building", {"no": "W1", "squad": "a1", "found_on": "2008-02-03"})
        session.correct("squad", {"name": "a1", "bureau": "B"})
        session.changes()
        assert seen[1:] == [["A", "B"]]


def test_records_that_look_back_within_a_street_tie_no_others() -> None:
    """All streets were one part because a remark asks for earlier ones of the same street and place."""
    population = next(one for one in populations() if one.name == "garbage-clearance")
    with Session(population.scheme, period=population.period, chain="plain") as session:
        for kind, row in population.first:
            session.post(kind, row)
        remark = population.kinds[1][1]
        for which, (when, what) in enumerate([(0, 0), (3, 0), (5, 1)]):
            session.post("remark", remark(which, when, what))
        session.advance("2010-01-01")
        proposals = [row for row in session.consequences() if row["consequence"] == "sanction"]
        assert [(row["record"], row["decision"]) for row in proposals] == [("R1", "proposal")]
        assert len([*session._parts]) == 2


@pytest.mark.parametrize("name", ["illegal ", "ladders", "streaks"])
def test_a_child_that_is_killed_at_any_moment_loses_nothing(tmp_path: Path, name: str) -> None:
    """In the midst of an answer, too, and while it begins."""
    pytest.importorskip("durable.engine", reason="durable-rules is not installed (the extra `live`, a C compiler)")
    rng = random.Random(name)

    class Mortal(DurableChain):
        def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
            timer = threading.Timer(rng.random() / 50, self.die) if rng.random() < 0.3 else None
            if timer is None:
                return super().moves(thread, shape, cells)
            timer.start()
            try:
                return super().moves(thread, shape, cells)
            finally:
                timer.join()

        def die(self) -> None:
            if self.pid is not None:
                os.kill(self.pid, signal.SIGKILL)

    chain = Mortal()
    population = next(one for one in populations() if one.name == name)
    operations: list[Operation] = [
        (rng.choice(NAMES), rng.randrange(6), rng.randrange(8), rng.randrange(24), rng.randrange(8)) for _ in range(60)
    ]
    try:
        live_through(population, chain, tmp_path, operations, checked=6)
    finally:
        chain.close()
    assert chain.started > 3


def test_events_in_any_order_give_the_same(chain: Chain) -> None:
    """Whatever comes first: rows before their targets, the clock before the rows."""
    found = []
    for seed in range(6):
        with small(chain) as session:
            whats = [("month_assessment", {"squad": s, "period": f"2008-{m:02}", "points": 60 + 2 * m * (s == "a2")})
                     for s in ("a1", "a2", "b1", "b2") for m in range(1, 9)]  # fmt: skip
            whats += [("squad", {"name": "b2", "bureau": "B"}), ("building", {
                "no": "W1", "squad": "b2", "found_on": "2008-02-03"})]  # fmt: skip
            random.Random(seed).shuffle(whats)
            for number, (kind, row) in enumerate(whats):
                if number == 5 * seed:
                    session.advance("2009-01-01")
                    session.consequences()
                session.post(kind, row)
                if isinstance(chain, DurableChain) and chain.pid is not None and number % 9 == 0:
                    os.kill(chain.pid, signal.SIGKILL)
            found.append(session.consequences())
    assert len(found[0]) > 30
    assert all(rows == found[0] for rows in found)


def test_a_journal_is_gone_on_from(tmp_path: Path) -> None:
    """The line that a host was writing when it stopped is dropped; nobody was told that it was taken."""
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-04-01")
        rows, events = session.consequences(), session.events
    with path.open("ab") as file:
        file.write(b'{"annul": "month_assessment", "key": {"squad"')
    with small(journal=path) as session:
        assert (session.consequences(), session.events) == (rows, events)
        fail(session, "b1", 4)
    assert path.read_text("utf-8").count("\n") == len(events) + 2


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:
        assert codes(lambda: small(journal=path)) == {"CR1030"}
        fail(session, "b1", 1)
    small(journal=path).close()


def test_a_journal_of_another_text_is_gone_on_from_only_where_that_is_said(tmp_path: Path) -> None:
    """It said nothing of that other consequences followed from the same events."""
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:
        fail(session, "b1", 1, 2)
        session.advance("2008-04-01")
        assert [change.row["step"] for change in session.changes() if change.row["step"]] == []
        events = session.events
    stricter = session.scheme.overlay({"parameters.talk_after.value": 2})
    kept = path.read_bytes()
    assert codes(lambda: Session(stricter, period="2008..2009", journal=path)) == {"CR1031"}
    assert path.read_bytes() == kept
    with Session(stricter, period="2008..2009", chain="plain", journal=path, revised=True) as again:
        assert again.events == events
        assert "talk" in [change.row["step"] for change in again.changes()]
        fail(again, "b1", 5)
    assert codes(lambda: small(journal=path)) == {"CR1031"}
    with Session(stricter, period="2008..2009", chain="plain", journal=path) as again:
        assert len(again.events) == len(events) + 1


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda lines: [*lines[:3], lines[3][:20], *lines[4:]], "CR188"),
        (lambda lines: [*lines[:3], lines[3].replace(b"A", b"\xff"), *lines[4:]], "CR188"),
        (lambda lines: [*lines[:3], *lines[4:2:-1], *lines[5:]], "CR188"),
        (lambda lines: [lines[0].replace(b"2009", b"2010"), *lines[1:]], "CR187"),
        (lambda lines: [lines[0].replace(b"illegal", b"legal"), *lines[1:]], "CR187"),
        (lambda lines: [b"", *lines], "CR187"),
    ],
)
def test_a_journal_that_was_harmed_is_refused_and_left_as_it_is(tmp_path: Path, harm: Any, code: str) -> None:
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:
        session.annul("squad", {"name": "a2"})
        session.post("squad", {"name": "a4", "bureau": "A"})
        session.annul("squad", {"name": "a4"})
    lines = path.read_bytes().split(b"\n")
    # The posting of a row and its annulment, in that order.
    lines[3:5] = [lines[-3], lines[-2]]
    path.write_bytes(b"\n".join(harm(lines)))
    before = path.read_bytes()
    assert codes(lambda: small(journal=path)) == {code}
    assert path.read_bytes() == before


def test_an_event_that_was_interrupted_behind_the_journal_is_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It then stood in the journal twice, which was refused."""
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:

        def interrupted(_judged: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(session, "_apply", interrupted)
            with pytest.raises(KeyboardInterrupt):
                fail(session, "b1", 1)
        fail(session, "b1", 1)
        events = session.events
    assert path.read_bytes().count(b"month_assessment") == 2
    with small(journal=path) as session:
        assert session.events == events


def codes(call: Callable[[], object]) -> set[str]:
    with pytest.raises(DataError) as caught:
        call()
    return {found.code for found in caught.value.diagnostics}


def test_a_closed_session_starts_no_child() -> None:
    """It answered, and a process that nobody ended was left behind."""
    with small() as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-04-01")
    session.close()
    for ask in (session.changes, session.consequences, session.assess):
        with pytest.raises(ValueError, match="closed"):
            ask()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_fork_of_the_host_is_refused_and_harms_nothing(chain: Chain, tmp_path: Path) -> None:
    """Its events went into the journal of the host, and its end ended the child of the host."""
    path = tmp_path / "journal.jsonl"
    with small(chain, journal=path) as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-04-01")
        known, kept = session.consequences(), path.read_bytes()
        pid = chain.pid if isinstance(chain, DurableChain) else None
        fork = os.fork()
        if fork == 0:
            refused = 0
            for ask in (session.changes, lambda: session.advance("2008-05-01")):
                try:
                    ask()
                except ValueError:
                    refused += 1
            session.close()
            if isinstance(chain, DurableChain):
                chain.close()
            os._exit(refused)
        assert os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]) == 2
        assert path.read_bytes() == kept
        fail(session, "b1", 4)
        assert session.consequences()[: len(known)] != []
        assert not isinstance(chain, DurableChain) or chain.pid == pid
    small(chain, journal=path).close()


def test_threads_wait_for_one_another(chain: Chain) -> None:
    """Two of them spoke to the child at a time, which was given up as one that talks nonsense."""
    with small(chain) as session:
        session.advance("2009-01-01")

        def work(squad: str) -> int:
            for number in range(1, 7):
                fail(session, squad, number)
                session.changes()
            return len(session.consequences())

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, ("a1", "a2", "b1")))
        wanted = [row for row in session.assess().rows("consequences") if not row["provisional"]]
        assert session.consequences() == wanted


def test_closing_waits_for_who_is_asking() -> None:
    """A child was ended in the midst of a question, and another was started that nobody ended."""
    asked, go_on = threading.Event(), threading.Event()

    class Slow(PlainWalk):
        closed = False

        def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
            asked.set()
            go_on.wait(10)
            assert not self.closed
            return super().moves(thread, shape, cells)

        def close(self) -> None:
            self.closed = True

    session = small()
    chain = session._chain = Slow()
    fail(session, "b1", 1, 2, 3)
    session.advance("2008-04-01")
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(session.consequences)
        assert asked.wait(10)
        closing = pool.submit(session.close)
        go_on.set()
        assert answer.result()
        closing.result()
    assert chain.closed


def test_sessions_beside_one_another_know_nothing_of_each_other(chain: Chain) -> None:
    """Of the same targets, on one chain."""
    with small(chain) as one, small(chain) as other:
        for session, last in ((one, 3), (other, 6), (one, 4)):
            fail(session, "b1", *range(1, last + 1))
            if session.clock.month == 1:
                session.advance("2008-10-01")
            wanted = [row for row in session.assess().rows("consequences") if not row["provisional"]]
            assert session.consequences() == wanted


def test_a_chain_that_fails_loses_nothing() -> None:
    class Failing(PlainWalk):
        fails = True

        def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
            if self.fails:
                raise RuntimeError("not now")
            return super().moves(thread, shape, cells)

    chain = Failing()
    with small(chain) as session:
        fail(session, "b1", 1, 2, 3)
        session.advance("2008-04-01")
        for _ in range(2):
            with pytest.raises(RuntimeError, match="not now"):
                session.changes()
        chain.fails = False
        assert [text.rpartition(" by")[0] for text in steps(session)] == ["raised b1 2008-03 talk"]


def test_a_session_goes_on_from_what_was_before() -> None:
    """Two failing months in the year before, by its assessment or as rows: the third is January's."""
    whole = small().scheme
    marks = [
        {"squad": "b1", "period": f"2008-{month:02}", "points": 60 if month > 10 else 90} for month in range(1, 13)
    ]
    targets = {"bureau": [{"name": "B", "area": "城区"}], "squad": [{"name": "b1", "bureau": "B"}]}
    before = whole.assess({"month_assessment": marks}, targets=targets, period="2008")
    for opening in (before, [*before.rows("values")]):
        with Session(whole, period="2009", chain="plain", opening=opening) as session:
            assert set(session.ladders.values()) == {"opened"}
            session.post("bureau", targets["bureau"][0])
            session.post("squad", targets["squad"][0])
            session.post("month_assessment", {"squad": "b1", "period": "2009-01", "points": 60})
            session.advance("2009-02-01")
            assert [text.rpartition(" by")[0] for text in steps(session)] == ["raised b1 2009-01 talk"]
            wanted = [row for row in session.assess().rows("consequences") if not row["provisional"]]
            assert session.consequences() == wanted
    rows = [{"measure": "nothing", "target": "b1", "period": "2008-12", "value": "1"}]
    assert codes(lambda: Session(whole, period="2009", chain="plain", opening=rows)) == {"CR992"}


def test_ladders_that_others_read_are_computed_with_the_rest() -> None:
    population = next(one for one in populations() if one.name == "ladders read by others")
    with Session(population.scheme, period="2008", chain="plain") as session:
        assert session.ladders == {"in_a_row": "read_by_others", "in_the_year": "chain"}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({}, "CR189"),
        ({"post": "building"}, "CR182"),
        ({"post": ["building"], "row": {}}, "CR189"),
        ({"post": "building", "row": [1]}, "CR189"),
        ({"post": "building", "row": {"no": "W1"}, "id": 7}, "CR189"),
        ({"post": "building", "row": {"no": "W1"}, "id": "\ud800"}, "CR189"),
        ({"post": "building", "annul": "building"}, "CR189"),
        ({"post": "nothing", "row": {}}, "CR501"),
        ({"post": "building", "row": {"no": "\ud800"}}, "CR181"),
        ({"post": "building", "row": {"no": {"a": {}}}}, "CR181"),
        ({"post": "building", "row": {7: "W1", "no": "W1"}}, "CR180"),
        ({"annul": "building", "key": {"no": "W1", "squad": "a1"}}, "CR180"),
        ({"advance": "tomorrow"}, "CR185"),
        ({"advance": "2009-01-01T00:00:00+08:00"}, "CR185"),
        ({"close": "2010-01"}, "CR186"),
        ({"close": "2008-13"}, "CR186"),
    ],
)
def test_what_is_no_event_changes_nothing(event: dict[str, Any], code: str) -> None:
    with small() as session:
        before = session.events
        with pytest.raises(DataError) as caught:
            session.take(event)
        assert {found.code for found in caught.value.diagnostics} == {code}
        assert session.events == before


def test_an_event_that_cannot_be_written_has_not_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.jsonl"
    with small(journal=path) as session:
        before, text = session.events, path.read_bytes()

        def full(_file: int) -> None:
            raise OSError("no space")

        with monkeypatch.context() as patch:
            patch.setattr("cityrules.live.journal.os.fsync", full)
            with pytest.raises(OSError, match="no space"):
                session.advance("2008-02-01")
        assert (session.events, path.read_bytes()) == (before, text)
        assert session.advance("2008-02-01") is not None
    with pytest.raises(ValueError, match="closed"):
        session.advance("2008-03-01")


def test_a_chain_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="durable, plain"):
        small("steel")


def test_a_check_that_stops_the_result_stops_the_session_and_no_longer() -> None:
    """What was computed for other parts before the check failed must not be lost."""
    name = "checks.points_known.otherwise"
    scheme = next(one for one in populations() if one.name.startswith("illegal")).scheme.overlay({name: "error"})
    with Session(scheme, period="2008-01..2008-03", chain="plain") as session:
        for bureau in "ABC":
            session.post("bureau", {"name": bureau, "area": "城区"})
            session.post("squad", {"name": bureau.lower(), "bureau": bureau})
        for squad in "abc":
            fail(session, squad, 1, 2, *([] if squad == "c" else [3]))
        session.advance("2008-04-01")
        for _ in range(2):
            with pytest.raises(CheckFailed):
                session.consequences()
        fail(session, "c", 3)
        assert [text.rpartition(" by")[0] for text in steps(session)] == [f"raised {s} 2008-03 talk" for s in "abc"]
