"""A file with a key, written whole and once: readable by its owner alone, whoever starts at the same moment."""

import os
from pathlib import Path
from tempfile import mkstemp


def write_once(path: Path, content: bytes) -> None:
    """Put `content` at `path` with mode 0600, unless another process was first; then its content stays. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)
