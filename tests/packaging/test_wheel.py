"""What a user installs: the wheel has all its parts, works with the core dependencies alone, names a missing extra.

The clean environment is a virtual environment without pip and without the packages of this one. The dependencies are
links to what is installed here, so that no network is needed.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the wheel is built without a network, and hatchling (extra dev) is not there")
pytest.importorskip("packaging", reason="packaging (it comes with hatchling) is not there")

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pip") is None or not hasattr(os, "symlink"), reason="this test needs pip and links"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with the wheel and its core dependencies."""
    return environment(wheel, tmp_path_factory.mktemp("core"), set())


@pytest.fixture(scope="module")
def with_cli(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the extra `cli`, and without `sql`."""
    return environment(wheel, tmp_path_factory.mktemp("cli"), {"cli"})


def environment(wheel: Path, folder: Path, extras: set[str]) -> Path:
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    commands = folder / "bin"
    python = str(commands / "python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-c", where).stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        required = metadata.PathDistribution.at(_extracted(archive, name, folder / "metadata")).requires or []
    for distribution in needed(required, extras):
        for file in {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}:
            link = packages / file
            if not link.exists():
                link.symlink_to(Path(str(distribution.locate_file(file))))
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *options, str(wheel))
    assert done.returncode == 0, done.stderr
    return commands


def _extracted(archive: zipfile.ZipFile, name: str, folder: Path) -> Path:
    return Path(archive.extract(name, folder)).parent


def needed(required: list[str], extras: set[str]) -> Iterator[metadata.Distribution]:
    """The installed distributions that these requirements lead to, each once."""
    seen: set[str] = set()
    waiting = [(Requirement(text), extras) for text in required]
    while waiting:
        requirement, of = waiting.pop()
        wanted = requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in {"", *of})
        if wanted and requirement.name not in seen:
            seen.add(requirement.name)
            distribution = metadata.distribution(requirement.name)
            waiting += [(Requirement(text), requirement.extras) for text in distribution.requires or ()]
            yield distribution


def run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command that sees nothing of this checkout."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CITYRULES_LANG", "LC_ALL", "LC_MESSAGES")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    settings = {**kept, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, env=settings, check=False)


def test_the_wheel_carries_its_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    specs = {path.relative_to(ROOT) for path in (ROOT / "specs").rglob("*") if path.is_file()}
    package = ROOT / "src" / "cityrules"
    data = {path.relative_to(ROOT / "src") for path in package.rglob("*.yaml")}
    assert len(specs) > 10
    assert {path.as_posix() for path in data} >= {"cityrules/results/wording.yaml", "cityrules/cli/wording.yaml"}
    wanted = {f"cityrules/{path.as_posix()}" for path in specs} | {path.as_posix() for path in data}
    wanted |= {path.relative_to(ROOT / "src").as_posix() for path in package.rglob("*.py")}
    assert {*wanted, "cityrules/py.typed"} - inside == set()
    beside = {name for name in inside if not name.startswith("cityrules/") and ".dist-info/" not in name}
    assert beside == set()


CORE = """
import importlib.util
import cityrules as cr
from cityrules.loaded import specs_folder

assert all(importlib.util.find_spec(name) is None for name in ("duckdb", "pyarrow", "sqlglot", "typer", "rich"))
for name in cr.shipped():
    print(cr.load(name).name)
sample = specs_folder() / "street-order" / "sample"
question = {"targets": {"street": sample / "street.csv"}, "period": "2024"}
scheme, records = cr.load("street-order"), {"finding": sample / "finding.csv"}
year = scheme.assess(records, **question)
cell = ("\u4e1c\u8857", "2024-03")
print(year.value("grade", *cell), len(year.why(*cell, "grade").render("zh").splitlines()) > 9)
try:
    scheme.assess(records, engine="duckdb", **question)
except ImportError as problem:
    print(problem)
try:
    year.write("out", "parquet")
except cr.DataError as problem:
    print([diagnostic.code for diagnostic in problem.diagnostics])
"""


def test_the_core_dependencies_are_enough_for_the_python_engine(core: Path, tmp_path: Path) -> None:
    done = run(str(core / "python"), "-W", "error", "-c", CORE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    *schemes, grade, engine, parquet = done.stdout.splitlines()
    assert schemes == sorted(path.parent.name for path in ROOT.glob("specs/*/scheme.yaml"))
    assert grade == "优秀 True"
    assert "cityrules[sql]" in engine
    assert parquet == "['CR530']"


@pytest.mark.parametrize("arguments", [(), ("check", "street-order"), ("--help",)], ids=" ".join)
def test_without_the_extra_the_command_says_which_one_it_needs(
    core: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    for command in ((str(core / "cityrules"),), (str(core / "python"), "-m", "cityrules")):
        done = run(*command, *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stdout == ""
        assert 'pip install "cityrules[cli]"' in done.stderr
        assert "Traceback" not in done.stderr


def test_the_command_without_the_engine_s_extra_names_it(with_cli: Path, tmp_path: Path) -> None:
    """Was exit code 3, a defect: the engine's error is an ImportError without the name of a module."""
    sample = ROOT / "specs" / "street-order" / "sample"
    data = ("--targets", f"street={sample / 'street.csv'}", "--records", f"finding={sample / 'finding.csv'}")
    command = (str(with_cli / "cityrules"), "score", "street-order", *data, "--period", "2024")
    assert run(*command, cwd=tmp_path).returncode == 0
    done = run(*command, "--engine", "duckdb", cwd=tmp_path)
    assert "CR609" in done.stderr
    assert 'pip install "cityrules[sql]"' in done.stderr
    assert done.returncode == 2
