"""Sealed results: the same assessment makes the same bytes, both engines verify it, and every change is found."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.io import archive
from cityrules.io.archive import packed, unpacked
from cityrules.io.rows import DataError, RawRow
from cityrules.io.stored import read_stored, stored
from cityrules.loaded import Assessment, EngineName, specs_folder
from cityrules.loaded.bundle import bundle_of
from cityrules.loaded.manifest import MANIFEST, as_text, digest, read_manifest
from cityrules.loaded.sealing import sealed
from cityrules.loaded.verifying import Verification
from cityrules.text.catalogue import spoken, terms
from compare.corrections import LATER, PERIOD, corrections, records, scheme

OF = scheme()
ROWS = {"finding": [{"no": "1", "squad": "East", "found_on": "2024-01-05", "points": "45", "note": "一"}]}
MADE = [{"kind": "finding", "record": "East / 1", "known_on": "2024-04-02", "annulled": True, "reason": "不是该队"}]
ENGINES: tuple[EngineName, ...] = ("python", "duckdb")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assessed(**more: Any) -> Assessment:
    return OF.assess(ROWS, period=PERIOD, **{"corrections": MADE, "as_of": LATER, **more})


MEMBERS = sealed(assessed())
DATA = packed(MEMBERS)


def verified(data: bytes, engine: EngineName | None = None, **given: Any) -> Verification:
    return bundle_of(unpacked(data, "result.zip"), "result.zip").verify(engine=engine, **given)


def codes(found: Verification) -> list[str]:
    return [one.code for one in found.found]


def found_of(verifying: Callable[[], Verification]) -> list[str]:
    """What was found, also where the file is no archive."""
    try:
        return codes(verifying())
    except DataError as problem:
        return [one.code for one in problem.diagnostics]


def resealed(members: dict[str, bytes], **changed: bytes) -> bytes:
    """The bundle with other members, and their digests in the manifest."""
    data = json.loads(members[MANIFEST])
    data["files"] |= {name: digest(text) for name, text in changed.items()}
    return packed({**members, **changed, MANIFEST: as_text(data)})


def with_manifest(change: Callable[[dict[str, Any]], object], members: dict[str, bytes] = MEMBERS) -> bytes:
    data = json.loads(members[MANIFEST])
    change(data)
    return packed({**members, MANIFEST: as_text(data)})


# ------------------------------------------------------------------------------------------------------ a good seal


def test_the_same_assessment_makes_the_same_bytes(tmp_path: Path) -> None:
    seals = [assessed().seal(tmp_path / name) for name in ("one.zip", "other.zip")]
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes() == DATA
    assert seals == [digest(MEMBERS[MANIFEST])] * 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_seal_verifies_from_its_file(tmp_path: Path, engine: EngineName) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    assessed().seal(tmp_path / "result.zip")
    found = cr.verify(tmp_path / "result.zip", engine=engine)
    assert (found.ok, found.found, found.notes, found.engine) == (True, (), (), engine)
    assert found.to_json()["ok"] is True
    assert found.show() == ""


@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_seal_of_either_engine_verifies_on_both(data: st.DataObject) -> None:
    pytest.importorskip("duckdb")
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    seals = [sealed(OF.assess(rows, period=PERIOD, as_of=LATER, corrections=made, engine=engine)) for engine in ENGINES]
    tables = [{name: text for name, text in seal.items() if name != MANIFEST} for seal in seals]
    assert tables[0] == tables[1]
    for seal, engine in zip(seals, reversed(ENGINES), strict=True):
        assert verified(packed(seal), engine).ok


def test_a_study_seals_too() -> None:
    study = OF.study(ROWS, period=PERIOD, corrections=MADE, as_of=LATER)
    assert sealed(study.assessment) == MEMBERS
    known = study.as_known(dt.date(2024, 4, 1))
    assert verified(packed(sealed(known))).ok


def test_what_is_handed_in_has_to_be_what_was_sealed() -> None:
    without = packed(sealed(assessed(), inputs=False))
    assert codes(verified(without)) == ["CR1173", "CR1173"]
    assert verified(without, records=ROWS, corrections=MADE).ok
    assert verified(DATA, records=ROWS).ok
    other = {"finding": [{**ROWS["finding"][0], "points": "44"}]}
    assert codes(verified(without, records=other, corrections=MADE)) == ["CR1174"]
    assert codes(verified(DATA, records={"entry": [{"no": "1"}]})) == ["CR1175"]


def test_rows_are_handed_in_through_a_binding_written_in_python() -> None:
    # `verify` took a binding made of a mapping for one that was checked already.
    fields = {name: name for name in ROWS["finding"][0]}
    rows = {"found": {"from": "cases", "to": "finding", "fields": fields}}
    host = {"cityrules-binding": 1, "scheme": OF.name, "tables": {"cases": {}}, "rows": rows}
    given = {"cases": ROWS["finding"]}
    made = OF.assess(given, period=PERIOD, binding=host)
    assert verified(packed(sealed(made, inputs=False)), records=given, binding=host).ok


def test_changes_and_what_was_before_are_sealed(tmp_path: Path) -> None:
    changed = OF.overlay({"measures.score.from": Decimal("90")}).overlay({"measures.grade.clause": None})
    before = OF.assess(ROWS, period="2024-01")
    after = changed.assess({}, period="2024-02..2024-03", opening=before)
    after.seal(tmp_path / "result.zip")
    found = cr.verify(tmp_path / "result.zip")
    assert found.ok
    manifest = read_manifest(sealed(after)[MANIFEST])
    assert manifest.changes == [{"measures.score.from": "90"}, {"measures.grade.clause": None}]
    assert [(one.part, one.rows > 0) for one in manifest.inputs] == [("opening", True)]
    assert after.value("in_a_row", "East", "2024-02") == "0"


def copied(name: str, folder: Path) -> Path:
    """A shipped scheme of the gallery with all that lies beside it, in a folder of its own."""
    for file in (specs_folder() / "gallery" / name).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder / "scheme.yaml"


def test_sheets_are_in_the_bundle(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    path = copied("prices-from-a-sheet", tmp_path)
    found = sealed(cr.load(path).assess({}, period="2024"))
    for file in tmp_path.iterdir():
        file.unlink()
    assert verified(packed(found)).ok
    sheets = json.loads(found[MANIFEST])["documents"][0]["sheets"]
    assert set(sheets) == {"prices.xlsx", "quotas.csv"}


def test_bases_are_in_the_bundle(tmp_path: Path) -> None:
    base, own = tmp_path / "base.yaml", tmp_path / "own.yaml"
    base.write_text(OF.texts.text if OF.texts else "", "utf-8")
    own.write_text(
        "cityrules: 1\nscheme: own\ntitle: own\nbased_on: base.yaml\nin_force: {from: 2024-01-01}\n"
        "changes: {measures.score.from: 80}\n",
        "utf-8",
    )
    result = cr.load(own).assess(ROWS, period=PERIOD)
    base.unlink()
    seal = sealed(result)
    assert verified(packed(seal)).ok
    documents = json.loads(seal[MANIFEST])["documents"]
    assert [one["name"] for one in documents] == ["own.yaml", "base.yaml"]
    lone = with_manifest(lambda data: data.update(documents=data["documents"][:1]), seal)
    assert codes(verified(lone)) == ["CR943"]


def test_line_ends_and_a_mark_of_the_text_do_not_matter(tmp_path: Path) -> None:
    text = OF.texts.text if OF.texts else ""
    (tmp_path / "scheme.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert verified(packed(sealed(cr.load(tmp_path / "scheme.yaml").assess(ROWS, period=PERIOD)))).ok


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text("mine", "utf-8")
    with pytest.raises(DataError) as problem:
        assessed().seal(tmp_path / "scheme.yaml")
    assert [one.code for one in problem.value.diagnostics] == ["CR1170"]
    assert (tmp_path / "scheme.yaml").read_text("utf-8") == "mine"


# ----------------------------------------------------------------------------------------------- what was changed


@given(place=st.integers(0, len(DATA) - 1), by=st.integers(1, 255))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_changed_byte_is_found(place: int, by: int) -> None:
    broken = DATA[:place] + bytes([DATA[place] ^ by]) + DATA[place + 1 :]
    found = found_of(lambda: verified(broken))
    assert found
    assert all(code.startswith("CR11") for code in found)


@given(data=st.data())
@FEW
def test_a_changed_byte_of_a_member_is_named(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(MEMBERS)))
    text = MEMBERS[name]
    place, by = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(1, 255))
    broken = {**MEMBERS, name: text[:place] + bytes([text[place] ^ by]) + text[place + 1 :]}
    if name == MANIFEST:
        # Nothing says what a manifest was but itself: its digest is the seal, which is another now.
        found = verified(packed(broken))
        assert not found.ok or found.seal != digest(text)
        return
    found = verified(packed(broken))
    assert not found.ok
    assert ("CR1167", name) in [(one.code, one.values.get("found")) for one in found.found]
    # The same in place, where the archive has its own check.
    in_place = DATA.replace(text, broken[name])
    if in_place != DATA:
        assert name in {one.values.get("found") for one in verified(in_place).found}


def test_a_document_that_is_no_text_any_more_was_changed() -> None:
    """The manifest was complained about, as if it had been sealed so."""
    name = "documents/1.yaml"
    found = verified(packed({**MEMBERS, name: b"\xff" + MEMBERS[name][1:]}))
    assert [(one.code, one.values["found"]) for one in found.found] == [("CR1167", name)]
    sealed = verified(resealed(MEMBERS, **{name: b"\xff" + MEMBERS[name][1:]}))
    assert [(one.code, one.values["found"]) for one in sealed.found] == [("CR1166", MANIFEST)]


@given(cut=st.integers(0, len(DATA) - 1))
@FEW
def test_a_truncated_bundle_is_refused(cut: int) -> None:
    with pytest.raises(DataError) as problem:
        verified(DATA[:cut])
    assert [one.code for one in problem.value.diagnostics] == ["CR1161"]


def test_a_table_that_comes_out_otherwise_is_told_with_its_line() -> None:
    name = "tables/values.csv"
    broken = resealed(MEMBERS, **{name: MEMBERS[name].replace(b"100.0", b"99.0", 1)})
    found = verified(broken)
    assert codes(found) == ["CR1176"]
    values = found.found[0].values
    assert (values["found"], values["number"]) == ("values", "1")
    line = MEMBERS[name].decode().split("\n")[int(values["line"]) - 1]
    assert values["now"] == line
    assert found.recomputed


def test_another_scheme_or_other_rows_come_out_otherwise() -> None:
    text = MEMBERS["documents/1.yaml"].replace(b"from: 100", b"from: 101")
    assert set(codes(verified(resealed(MEMBERS, **{"documents/1.yaml": text})))) == {"CR1176"}
    rows = MEMBERS["inputs/1.jsonl"].replace(b'"45"', b'"44"')
    data = json.loads(MEMBERS[MANIFEST])
    data["inputs"][0]["digest"] = digest(rows)
    broken = resealed({**MEMBERS, MANIFEST: as_text(data)}, **{"inputs/1.jsonl": rows})
    # The record was annulled, so that only what the correction says of it could differ: nothing does.
    assert codes(verified(broken)) == []


def test_corrections_without_a_column_are_told() -> None:
    # They are read when the tables are computed, and what is wrong with them was raised.
    name = next(one["member"] for one in json.loads(MEMBERS[MANIFEST])["inputs"] if one["part"] == "corrections")
    rows = MEMBERS[name].replace(b"known_on", b"known_at")
    data = json.loads(MEMBERS[MANIFEST])
    for one in data["inputs"]:
        one["digest"] = digest(rows) if one["member"] == name else one["digest"]
    found = verified(resealed({**MEMBERS, MANIFEST: as_text(data)}, **{name: rows}))
    assert codes(found) == ["CR512"]


def test_a_scheme_that_this_release_refuses_is_told() -> None:
    broken = resealed(MEMBERS, **{"documents/1.yaml": b"cityrules: 1\n"})
    found = verified(broken)
    assert not found.ok
    assert not found.recomputed
    assert "CR305" in codes(found)


def test_another_version_is_said_and_does_not_matter() -> None:
    found = verified(with_manifest(lambda data: data.update(library="9.9.9")))
    assert (found.ok, [one.code for one in found.notes]) == (True, ["CR1177"])


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (lambda data: data.update(scheme="another"), "scheme"),
        (lambda data: data.update(language="9"), "language"),
        (lambda data: data["inputs"][0].update(rows=77), "rows"),
        (lambda data: data.update(documents=data["documents"] * 2), "documents"),
        (lambda data: data["documents"][0].update(name="other/x.yaml"), "documents"),
        (lambda data: data["documents"][0]["sheets"].update({"x.csv": "documents/1.yaml"}), "documents"),
    ],
)
def test_what_the_manifest_says_is_held_against_the_bundle(change: Callable[[Any], object], about: str) -> None:
    """No table depends on it, so that the name of another scheme was printed above `everything is as it was sealed`."""
    found = verified(with_manifest(change))
    assert [(one.code, one.values["about_type"]) for one in found.found] == [("CR1180", f"sealed_{about}")]
    assert not found.ok


# ------------------------------------------------------------------------------------------------- hostile bundles


def made_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as made:
        for name, text in entries:
            made.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    "name", ["../out.txt", "/out.txt", "a/../../out.txt", "a\\out.txt", "C:out", "é", "a//b", "x" * 300, ".x"]
)
def test_members_outside_are_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = verified(made_zip((name, b"x")))
    assert "CR1162" in codes(found)
    assert list(tmp_path.iterdir()) == []
    assert not Path(tmp_path.parent, "out.txt").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_come_twice_are_refused() -> None:
    assert codes(verified(made_zip(*MEMBERS.items(), (MANIFEST, b"{}")))).count("CR1162") >= 1


def test_links_bombs_and_packed_members_are_refused() -> None:
    link = zipfile.ZipInfo("link", (1980, 1, 1, 0, 0, 0))
    link.external_attr = 0o120777 << 16
    assert "CR1162" in codes(verified(made_zip((link, b"/etc/passwd"))))
    bomb = made_zip(("bomb", b"\0" * 10_000_000), packing=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    assert "CR1162" in codes(verified(bomb))


def test_members_that_share_their_bytes_are_refused() -> None:
    """Many entries of the directory may mean one place of the file: together they hold more than there is."""
    data = packed({"a": b"x" * 1000})
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    end = bytearray(data[data.index(b"PK\x05\x06") :])
    end[8:12] = (3).to_bytes(2, "little") * 2
    end[12:16] = (3 * len(entry)).to_bytes(4, "little")
    several = data[:start] + entry + entry.replace(b"a", b"b") + entry.replace(b"a", b"c") + bytes(end)
    assert "CR1162" in codes(verified(several)) or "CR1163" in codes(verified(several))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no zip at all", b"PK\x05\x06" + b"\xff" * 18, b"PK\x05\x06" + b"\0" * 18]
)
def test_what_is_no_bundle_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    # An archive of nothing is one, and has no manifest.
    wanted = "CR1171" if data.endswith(b"\0" * 18) else "CR1161"
    assert found_of(lambda: cr.verify(tmp_path / "x.zip")) == [wanted]


def test_a_bundle_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    (tmp_path / "x.zip").write_bytes(DATA)
    with pytest.raises(DataError) as problem:
        cr.verify(tmp_path / "x.zip")
    assert [one.code for one in problem.value.diagnostics] == ["CR1165"]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(engine="os"),
        lambda data: data.update(as_of="yesterday"),
        lambda data: data.update(as_of="2024-01-01T00:00:00+08:00"),
        lambda data: data.update(start="0001-01-01", last_day="9999-12-31"),
        lambda data: data.update(start="2024-04-01", last_day="2024-03-31"),
        lambda data: data.update(documents=[]),
        lambda data: data["documents"][0]["sheets"].update({"../x.csv": "documents/1.yaml"}),
        lambda data: data["documents"][0]["sheets"].update({"/x.csv": "documents/1.yaml"}),
        lambda data: data["documents"][0].update(member="inputs/9"),
        lambda data: data["documents"][0].update(name="\x1b[31m"),
        lambda data: data.update(tables=["ledger", "none"]),
        lambda data: data.update(changes=[{}] * 1001),
        lambda data: data.update({"cityrules-seal": 2}),
        lambda data: data.update(more=1),
        lambda data: data.pop("files"),
    ],
)
def test_a_hostile_manifest_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    found = verified(with_manifest(change))
    assert codes(found) == ["CR1166"]
    assert not found.recomputed


@pytest.mark.parametrize("sheets", [("a", "a/b"), ("x" * 280,)])
def test_sheets_that_cannot_lie_in_a_folder_are_refused(sheets: tuple[str, ...]) -> None:
    def change(data: dict[str, Any]) -> None:
        data["documents"][0]["sheets"] = dict.fromkeys(sheets, "documents/1.yaml")

    assert codes(verified(with_manifest(change))) == ["CR1166"]


@pytest.mark.parametrize(
    "changes",
    [
        {"measures.score.from": float("nan")},
        {"measures.score.from": 1e400},
        {"measures.score.from": [[[]]]},
        {"measures": None},
        {"": 1},
        {".": None},
        {"scheme.x": "y"},
        {"readings.none": "x"},
        {"measures.score": {"a": {"b": True}}},
        {"in_force.from": 7},
    ],
)
def test_a_hostile_change_is_refused(changes: dict[str, Any]) -> None:
    found = verified(with_manifest(lambda data: data.update(changes=[changes])))
    assert not found.ok
    assert not found.recomputed
    assert found.found


@pytest.mark.parametrize(
    ("name", "text"),
    [("start", "20240101"), ("last_day", "2024-W05-3"), ("as_of", "2024-04-02 00:00"), ("as_of", "2024-04-02")],
)
def test_times_written_otherwise_are_refused(name: str, text: str) -> None:
    found = verified(with_manifest(lambda data: data.update({name: text})))
    assert [(one.code, one.values["why_type"]) for one in found.found] == [("CR1166", "other_writing")]


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", b"null"])
def test_a_manifest_that_is_none_is_refused(text: bytes) -> None:
    assert codes(verified(packed({**MEMBERS, MANIFEST: text}))) == ["CR1166"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"x",
        b"[]\n",
        b'[["a"],true]\n{}\n',
        b'[["a"],true]\n["1",null]\n',
        b'[["a"],1]\n',
        b'[["a"],true]\n[1,null,2]\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_rows_that_are_none_are_refused(text: bytes) -> None:
    data = json.loads(MEMBERS[MANIFEST])
    data["inputs"][0]["digest"] = digest(text)
    broken = resealed({**MEMBERS, MANIFEST: as_text(data)}, **{"inputs/1.jsonl": text})
    assert codes(verified(broken)) == ["CR1166"]


# -------------------------------------------------------------------------------------------------------- the parts


@given(
    st.lists(st.text(max_size=5), unique=True, max_size=4),
    st.lists(st.tuples(st.integers(), st.lists(st.none() | st.text(st.characters(), max_size=5), max_size=4))),
)
@FEW
def test_stored_rows_are_the_rows(columns: list[str], rows: list[tuple[int, list[str | None]]]) -> None:
    class Given:
        name = "given"
        optional_columns = False

        def __init__(self) -> None:
            self.columns = tuple(columns)

        def rows(self) -> Any:
            return iter([RawRow(number, tuple(texts), "type" if number % 2 else None) for number, texts in rows])

    text = stored(Given())
    again = read_stored(text, "given")
    assert (again.columns, list(again.rows())) == (tuple(columns), list(Given().rows()))
    assert stored(again) == text


NAMES = st.from_regex(r"[a-z0-9_]{1,5}(/[a-z0-9_][a-z0-9_-]{0,3}(\.[a-z]{1,3})?)?", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=20), max_size=5))
@FEW
def test_an_archive_holds_what_was_put_in(members: dict[str, bytes]) -> None:
    found = unpacked(packed(members), "x.zip")
    assert (found.members, found.found) == (members, ())


def test_any_program_opens_it(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(DATA)
    with zipfile.ZipFile(tmp_path / "x.zip") as made:
        assert made.testzip() is None
        assert {name: made.read(name) for name in made.namelist()} == MEMBERS
    assert os.listdir(tmp_path) == ["x.zip"]


def test_why_a_bundle_is_refused_is_told_in_the_language_that_was_asked_for() -> None:
    """What Python says of a zip, and pydantic of a manifest, stood in English inside Chinese sentences."""
    damaged = DATA.replace(b"2024-01-05", b"2024-01-06", 1)
    place = DATA.index(b"inputs/1.jsonl")
    headless = DATA[:place] + b"x" + DATA[place + 1 :]
    cases = [verified(damaged), verified(headless)]
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda data: data.pop("as_of"),
        lambda data: data.update(more=1),
        lambda data: data.update(engine="os"),
        lambda data: data.update(start="yesterday"),
        lambda data: data.update(as_of="yesterday"),
        lambda data: data["documents"][0]["sheets"].update({"../x.csv": "documents/1.yaml"}),
        lambda data: data["documents"][0].update(member="inputs/9"),
    ]
    cases += [verified(with_manifest(change)) for change in changes]
    cases += [verified(packed({**MEMBERS, MANIFEST: text})) for text in (b"no json", b"{}", MEMBERS[MANIFEST] + b"\n")]
    told = [(one, spoken(one.values, "zh").get("why_type", "")) for found in cases for one in found.found]
    assert {one.code for one, _ in told} == {"CR1163", "CR1166"}
    for one, why in told:
        assert why in {texts["zh"] for texts in terms().values()}, one
    no_list = DATA.replace(b"PK\x01\x02", b"PK\x01\x00")
    for data, why in ((b"no zip", "archive_end"), (DATA[:500], "archive_end"), (no_list, "archive_list")):
        with pytest.raises(DataError) as problem:
            unpacked(data, "result.zip")
        assert problem.value.diagnostics[0].values["why_type"] == why
        assert why in terms()
