"""The installation's own secrets: from the environment, or made once and kept in the data folder."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class InstallationSecrets:
    """Django's secret key, and the keys of personal data (base64 of 32 bytes; the first one encrypts)."""

    secret_key: str
    data_keys: list[str]


def installation_secrets(folder: Path) -> InstallationSecrets:
    """Return the secrets, making what is missing. A made secret is readable by its owner only."""
    secret_key = os.environ.get("COHONG_SECRET") or _kept(
        folder / "secret.key", lambda: secrets.token_urlsafe(50)
    )
    data_keys = os.environ.get("COHONG_DATA_KEYS") or _kept(folder / "data.keys", _new_data_key)
    return InstallationSecrets(secret_key=secret_key, data_keys=data_keys.replace("\n", ",").split(","))


def rotate_data_key(folder: Path) -> str:
    """Put a new key of personal data in front of those that the data folder keeps, and return it."""
    key = _new_data_key()
    _write_data_keys(folder, [key, *installation_secrets(folder).data_keys])
    return key


def drop_old_data_keys(folder: Path) -> int:
    """Keep the first key alone; return how many are gone."""
    first, *others = installation_secrets(folder).data_keys
    _write_data_keys(folder, [first])
    return len(others)


def are_data_keys_given() -> bool:
    """Tell whether the keys come from the environment, so that whoever sets it has to change them."""
    return bool(os.environ.get("COHONG_DATA_KEYS"))


def _new_data_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_data_keys(folder: Path, keys: list[str]) -> None:
    """Replace the file in one step: a crash leaves the old keys or the new ones, never half a file."""
    draft = folder / f"data.keys.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "data.keys")


def _kept(path: Path, make: object) -> str:
    """Return the secret in the file at `path`, writing it first if there is none.

    Two processes that start together must agree: the file is linked into place whole, and the first link wins.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(make() if callable(make) else "")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
