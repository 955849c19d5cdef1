"""Where schemes lie: those that come with the library, and the files that a user means. Opens none of them."""

from __future__ import annotations

from pathlib import Path

SCHEME_FILE = "scheme.yaml"


def specs_folder() -> Path:
    """Where the shipped schemes lie: inside an installed package, or beside the sources of a checkout."""
    here = Path(__file__).parents[1]
    packed = here / "specs"
    return packed if packed.is_dir() else here.parents[1] / "specs"


def shipped() -> tuple[str, ...]:
    """The names of the schemes that come with the library; `load` takes each of them."""
    folder = specs_folder()
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{SCHEME_FILE}"))) if folder.is_dir() else ()


def find(thing: str | Path) -> Path:
    """The file a user means: the name of a shipped scheme, a file, or a folder that holds a `scheme.yaml`."""
    if isinstance(thing, str) and thing in shipped() and not Path(thing).exists():
        return specs_folder() / thing / SCHEME_FILE
    path = Path(thing)
    return path / SCHEME_FILE if path.is_dir() and (path / SCHEME_FILE).is_file() else path
