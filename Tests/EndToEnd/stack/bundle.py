"""The archive that `make bundle` makes."""

import os
import shutil
import tarfile
from pathlib import Path

from stack import pingate
from stack.confidential import Confidential


def archive() -> Path:
    path = os.environ.get("PINGATE_BUNDLE")
    assert path, "PINGATE_BUNDLE has to name the archive that `make bundle` makes"
    assert Path(path).is_file(), f"{path} is missing: `make bundle`"
    return Path(path).resolve()


def unpack(folder: Path) -> Path:
    """Unpacks it as somebody does who uploads it. Returns its one folder."""
    with tarfile.open(archive()) as files:
        files.extractall(folder, filter="data")
    return folder / "pingate"


def set_up(folder: Path, confidential: Confidential, api: str, owner: str | None = None, **more: str) -> Path:
    """Unpacks it, with settings, for a user who owns all of it. Returns its one folder."""
    bundle = unpack(folder)
    pingate.write_settings(bundle / "pingate.conf", confidential, api, **more)
    (bundle / "pingate.conf").chmod(0o600)
    if owner:
        for path in [bundle, *bundle.rglob("*")]:
            shutil.chown(path, *owner.split(":"))
    return bundle
