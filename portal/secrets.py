"""What is for the owner's eyes only: keys in files, made once or replaced whole, and folders nobody else enters."""

import os
import secrets
import tempfile
from pathlib import Path

MINIMUM_LENGTH = 50


def secret_key(data: Path) -> str:
    """Return CONCORD_SECRET_KEY, or the key of this data folder, which is made on first use."""
    given = os.environ.get("CONCORD_SECRET_KEY", "")
    if given:
        return given
    path = data / "keys" / "secret-key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_once(path, secrets.token_urlsafe(MINIMUM_LENGTH).encode())
    return path.read_text().strip()


def private_folder(path: Path) -> Path:
    """A folder that only its owner may enter: mails kept as files hold links that let somebody in."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_once(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, readable by its owner only, and never over one that another process made meanwhile."""
    draft = _draft(path, content)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _settle(path.parent)


def write_over(path: Path, content: bytes) -> None:
    """Put the whole file in the place of what is there: whoever reads it finds the old one or the new one."""
    _draft(path, content).replace(path)
    _settle(path.parent)


def _draft(path: Path, content: bytes) -> Path:
    # SECURITY: mkstemp creates with mode 600, so a key is never readable by others, not even for a moment.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _settle(folder: Path) -> None:
    """Make the names in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
