"""Hostile rows: whatever comes in, every row is used or rejected exactly once, and nothing else happens."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import cityrules as cr
from cityrules.calendar.periods import BUILT_IN
from cityrules.engines.base import Inputs, Question
from cityrules.engines.python.accept import take_in
from cityrules.io.normal import to_text
from cityrules.io.open import open_rows, open_sources
from cityrules.io.rows import Rows
from cityrules.results.tables import SHAPES
from cityrules.text.show import show
from fuzz.hostile_scheme import DOCUMENT
from fuzz.hostile_values import COLUMNS, OBJECTS, TARGETS, TRACES, Finding, KeylessMap, LoudMap, Trap, rows, text

SPAN = BUILT_IN.parse_span("2024-01..2024-06")


@pytest.fixture(scope="module")
def scheme() -> cr.Scheme:
    return cr.loads(DOCUMENT)


def speak(error: cr.DataError) -> None:
    """What is said of unusable inputs can be shown in both languages."""
    assert error.diagnostics
    for diagnostic in error.diagnostics[:20]:
        assert show(diagnostic, "en")
        assert show(diagnostic, "zh")
    str(error).encode()


def count(scheme: cr.Scheme, records: Mapping[str, Any], targets: Mapping[str, Any]) -> Counter[str]:
    """Take inputs in twice, alone and for a whole assessment: each row must be used or rejected exactly once.

    Returns how often each reason was given."""
    opened = Inputs(
        {kind: open_sources(given, kind) for kind, given in records.items()},
        {kind: open_sources(given, kind) for kind, given in targets.items()},
    )
    world, _ = take_in(scheme.plan, opened, Question(SPAN, dt.datetime(2024, 7, 1)))
    assessment = scheme.assess(
        records,
        targets=targets,
        period=SPAN,
        as_of=dt.datetime(2024, 7, 1),
    )
    rejected = [(row["kind"], row["source"], row["row"]) for row in assessment.rows("rejects")]
    assert len(set(rejected)) == len(rejected)
    for kind, sources in (*opened.records.items(), *opened.targets.items()):
        seen = [(kind, rows.name, row.number) for rows in sources for row in rows.rows()]
        assert len(set(seen)) == len(seen)
        refused = {place for place in rejected if place[0] == kind}
        assert refused <= set(seen)
        if kind in opened.targets:
            accepted = sum(len(versions) for versions in world.registry.members(kind).values())
        else:
            accepted = len(world.records.get(kind) or world.rows.get(kind) or ())
        assert accepted + len(refused) == len(seen)
    for name, shape in SHAPES.items():
        for row in assessment.tables[name].rows():
            assert len(row) == len(shape.columns)
    return Counter(str(row["reasons"]) for row in assessment.rows("rejects"))


def attempt(scheme: cr.Scheme, records: Mapping[str, Any], targets: Mapping[str, Any] = TARGETS) -> Counter[str]:
    """Like `count`, for inputs that may be unusable as a whole."""
    try:
        return count(scheme, records, targets)
    except cr.DataError as error:
        speak(error)
        return Counter()


@pytest.mark.parametrize("part", range(4))
def test_rows_of_python_objects(part: int, long_run: bool, scheme: cr.Scheme) -> None:
    """About 60,000 rows in the long run, in four parts that can run side by side."""
    seed = random.Random(20240301 + part)
    reasons: Counter[str] = Counter()
    for _ in range(300 if long_run else 12):
        harm = seed.choice((0.0, 0.02, 0.1, 0.5))
        records = {kind: list(rows(seed, kind, 12, harm)) for kind in ("finding", "call", "rating")}
        targets: dict[str, Any] = dict(TARGETS)
        if seed.random() < 0.3:
            targets = {kind: [*TARGETS[kind], *rows(seed, kind, 8, harm)] for kind in TARGETS}
        TRACES.clear()
        reasons += attempt(scheme, records, targets)
        assert not TRACES
    assert len(reasons) > 10


@pytest.mark.parametrize("part", range(4))
def test_single_records(part: int, long_run: bool, scheme: cr.Scheme) -> None:
    """The generated scorer: a score, or a RecordError that can be said in both languages."""
    seed = random.Random(20240302 + part)
    moment = dt.datetime(2024, 7, 1)
    scored = 0
    for kind in ("finding", "call"):
        for row in rows(seed, kind, 5_000 if long_run else 60, 0.05):
            TRACES.clear()
            try:
                scheme.score_record(kind, row, as_of=moment)
                scored += 1
            except cr.RecordError as error:
                speak(error)
            assert not TRACES
    assert scored


def test_things_that_are_no_records(scheme: cr.Scheme) -> None:
    for thing in [*OBJECTS, LoudMap(no="1"), KeylessMap(no="1"), Finding, Trap]:
        with pytest.raises(cr.RecordError) as raised:
            scheme.score_record("finding", thing, as_of=dt.datetime(2024, 7, 1))
        speak(raised.value)


def test_things_that_are_no_rows_or_tables(scheme: cr.Scheme) -> None:
    for thing in [*OBJECTS, LoudMap(no="1"), KeylessMap(no="1")]:
        attempt(scheme, {"finding": [thing]})
        # What an iterable raises when it is read is the caller's: a lost database is not a bad row.
        if type(thing) is not Trap:
            attempt(scheme, {"finding": thing})
            attempt(scheme, {}, {"squad": thing})
    loud = LoudMap(dict.fromkeys(COLUMNS["finding"], "1"))
    assert attempt(scheme, {"finding": [loud]}) == {"type": 1}


def csv_bytes(seed: random.Random, kind: str, number: int) -> bytes:
    """A CSV file of a kind, well-formed or not."""
    columns = list(COLUMNS[kind])
    if seed.random() < 0.1:
        seed.choice((columns.pop, columns.reverse, lambda: columns.append(seed.choice(("", "no", "\x00", "东")))))()
    lines = [",".join(columns)]
    for row in rows(seed, kind, number, 0.05):
        cells = []
        for column in columns:
            written = to_text(row.get(column))[0] or ""
            if any(mark in written for mark in ',"\r\n') and seed.random() < 0.9:
                written = '"' + written.replace('"', '""') + '"'
            cells.append(written[:20_000])
        if seed.random() < 0.03:
            cells = cells[: seed.randrange(len(cells) + 1)] + [text(seed)[:100]] * seed.randrange(3)
        lines.append(",".join(cells))
    data = seed.choice(("\n", "\r\n", "\r")).join(lines).encode("utf-8", "surrogatepass")
    for _ in range(seed.choice((0, 0, 0, 1, 5))):
        at = seed.randrange(len(data) + 1)
        junk = (b'"', b"\x00", b"\xff", b"\n", b",", b"\xef\xbb\xbf", b"\r", bytes([seed.randrange(256)]) * 50)
        data = data[:at] + seed.choice(junk) + data[at + seed.choice((0, 1, 30)) :]
    return data


@pytest.mark.parametrize("part", range(4))
def test_csv_files(part: int, long_run: bool, scheme: cr.Scheme, tmp_path: Path) -> None:
    """Random bytes, stray quotes, ragged rows, wrong headers, damaged archives."""
    seed = random.Random(20240303 + part)
    path = tmp_path / "rows.csv"
    read = 0
    for _ in range(500 if long_run else 10):
        data = csv_bytes(seed, "finding", 20)
        if seed.random() < 0.2:
            data = gzip.compress(data)
            if seed.random() < 0.5:
                at = seed.randrange(len(data))
                data = data[:at] + (b"" if seed.random() < 0.5 else bytes([seed.randrange(256)]) + data[at + 1 :])
        path.write_bytes(data)
        try:
            read += sum(1 for _ in numbered(open_rows(path)))
        except cr.DataError as error:
            speak(error)
        attempt(scheme, {"finding": path})
    assert read


def numbered(table: Rows) -> list[int]:
    numbers = [row.number for row in table.rows()]
    # The line of a file in which a row begins, or its running number: they rise.
    assert numbers == sorted(set(numbers))
    assert not numbers or numbers[0] >= 1
    return numbers


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\x00" * 1_000,
        b'"' * 1_000_000,
        b"," * 1_000_000,
        b"a\n" * 200_000,
        b"a" * 1_000_000,
        "no,part".encode("utf-16"),
        b"no,part," + b"x" * 200_000,
        b"no,no\n1,2\n",
        b"\x1f\x8b",
        b"\x1f\x8b" + b"\x00" * 100,
        gzip.compress(b"")[:-4],
        gzip.compress(b"no," * 5_000_000),
        gzip.compress(gzip.compress(b"no")),
        b"PAR1",
        b"PAR1" + b"\x00" * 100 + b"PAR1",
        b"PK\x03\x04",
    ],
    ids=range(18),
)
def test_files_that_are_no_tables(data: bytes, scheme: cr.Scheme, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(data)
    with pytest.raises(cr.DataError) as raised:
        scheme.assess({"finding": path}, targets=TARGETS, period=SPAN)
    speak(raised.value)


def test_places_that_are_no_files(scheme: cr.Scheme, tmp_path: Path) -> None:
    for place in (
        tmp_path,
        tmp_path / "nothing",
        "\x00",
        "\ud800",
        "/dev/zero",
        "a" * 5_000,
        "",
        "~",
        "http://x/y.csv",
    ):
        with pytest.raises(cr.DataError) as raised:
            scheme.assess({"finding": place}, targets=TARGETS, period=SPAN)
        speak(raised.value)


def test_parquet_files(long_run: bool, scheme: cr.Scheme, tmp_path: Path) -> None:
    """Columns of odd types and damaged files."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    seed = random.Random(20240304)
    odd = [
        pa.array([0.1, float("nan"), None]),
        pa.array([1.5, float("inf"), 0.0], pa.float32()),
        pa.array([1, 2**63, 2**64 - 1], pa.uint64()),
        pa.array([1, None, -1], pa.int8()),
        pa.array([b"x", b"\xff", None], pa.binary()),
        pa.array([[1], [], None]),
        pa.array([{"a": 1}, {"a": None}, None]),
        pa.array([0, 10**15, -(10**15)], pa.timestamp("s")),
        pa.array([0, 2**62, None], pa.timestamp("ns")),
        pa.array([0, 1, 2], pa.timestamp("us", "Asia/Shanghai")),
        pa.array([0, 2**31 - 1, -(2**31)], pa.int32()).view(pa.date32()),
        pa.array([0, 86_400_000 * 10**8, None], pa.int64()).view(pa.date64()),
        pa.array([1, 2, 3], pa.time64("us")),
        pa.array([1, 2, 3], pa.duration("us")),
        pa.array(["a", None, "a"]).dictionary_encode(),
        pa.array([None, None, None], pa.null()),
        pa.array(["垃圾", "\x00", "x" * 20_000], pa.large_string()),
        pa.Array.from_buffers(pa.string(), 3, pa.array([b"a", b"\xff\xfe", b"\xe5"], pa.binary()).buffers()),
        pa.array([True, None, False]),
    ]
    good = {
        "no": pa.array(["1", "2", "3"]),
        "part": pa.array([1, 2, 3]),
        "squad": pa.array(["S1", "S2", "S3"]),
        "found_on": pa.array([dt.date(2024, 3, 1)] * 3),
        "volume": pa.array(["1.50", "2", "3"]),
        "media": pa.array([True, False, True]),
        "matter": pa.array(["other"] * 3),
    }
    path = tmp_path / "rows.parquet"
    for _ in range(800 if long_run else 40):
        columns = {name: good.get(name, pa.nulls(3)) for name in COLUMNS["finding"]}
        for name in seed.sample(list(columns), seed.randrange(3)):
            columns[name] = seed.choice(odd)
        if seed.random() < 0.2:
            columns[seed.choice(("a.b", "no.x", " ", "东", "no\x00"))] = seed.choice(odd)
        parquet.write_table(pa.table(columns), path)
        if seed.random() < 0.3:
            data = bytearray(path.read_bytes())
            for _ in range(seed.choice((1, 1, 20))):
                data[seed.randrange(4, len(data))] = seed.randrange(256)
            path.write_bytes(bytes(data[: seed.choice((len(data), len(data), len(data) // 2))]))
        attempt(scheme, {"finding": str(path)})
