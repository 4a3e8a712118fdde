"""What is for the owner's eyes only: the secret key, from the environment or made once, and folders nobody else enters."""

import os
import secrets
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
        _write_once(path, secrets.token_urlsafe(MINIMUM_LENGTH))
    return path.read_text().strip()


def private_folder(path: Path) -> Path:
    """A folder that only its owner may enter: mails kept as files hold links that let somebody in."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def _write_once(path: Path, text: str) -> None:
    """Write the whole file or nothing, and never over one that another process made meanwhile."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
