"""Files of a user that are written anew. Knows no document."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Put a text into a file, wholly or not at all."""
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        marked = path.read_bytes().startswith(b"\xef\xbb\xbf")
        with os.fdopen(handle, "w", encoding="utf-8-sig" if marked else "utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode)
        os.replace(name, path.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
