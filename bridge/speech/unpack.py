"""Takes a model out of a zip file or folder from outside without trusting it.

Refused: a path that leads out, a link or device, a name twice, more files or bytes than any model has. What an
archive says about sizes is not believed; bytes are counted as they come.
"""

from __future__ import annotations

import lzma
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from bridge.base.errors import Theirs

LIMIT_BYTES = 8 * 1024**3
"""The largest Vosk model unpacks to 4 GB."""
LIMIT_FILES = 2000
_STEP = 1 << 20


class ModelError(Theirs):
    """A file is not the model it should be, or is not safe to unpack. Nothing was kept."""

    code = "model"


def unpack(source: Path, into: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Copy the files of a zip archive or folder into the new folder `into`; a single top folder is left out.

    Raises:
        ModelError: not a zip file, or one of the refusals above; `into` is removed.
        OSError: the disk refused; `into` is removed.
    """
    into.mkdir(parents=True)
    try:
        if source.is_dir():
            _copy_folder(source, into, limit_bytes)
        else:
            _unzip(source, into, limit_bytes)
        _lift_single_folder(into)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)  # half a model must never be found; the first error is the news
        raise


def _unzip(source: Path, into: Path, limit_bytes: int) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _limit_files(len(members))
            left = limit_bytes
            for member in members:
                path = into / _safe(member.filename)
                kind = stat.S_IFMT(member.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise ModelError(f"{member.filename!r} is a link or device; expected files and folders only")
                if member.flag_bits & 1:
                    raise ModelError(f"{member.filename!r} is encrypted")
                if not member.is_dir():
                    left = _extract(archive, member, path, left)
    except (FileExistsError, NotADirectoryError) as error:
        raise ModelError(f"{source.name} names one place twice") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError) as error:
        raise ModelError(f"{source.name} is not a sound zip file: {error}") from error


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Write one file; return how many bytes the others may still have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as packed, path.open("xb") as file:
        while block := packed.read(_STEP):
            left -= len(block)
            if left < 0:
                raise ModelError(f"more than the allowed bytes when unpacked, at {member.filename!r}")
            file.write(block)
    return left


def _copy_folder(source: Path, into: Path, limit_bytes: int) -> None:
    found = sorted(source.rglob("*"))
    _limit_files(len(found))
    left = limit_bytes
    for path in found:
        kind = path.lstat()
        if stat.S_ISDIR(kind.st_mode):
            continue
        if not stat.S_ISREG(kind.st_mode):
            raise ModelError(f"{path.relative_to(source)} is a link or device; expected files and folders only")
        left -= kind.st_size
        if left < 0:
            raise ModelError(f"more than {limit_bytes} bytes")
        target = into / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target, follow_symlinks=False)


def _limit_files(count: int) -> None:
    if not 0 < count <= LIMIT_FILES:
        raise ModelError(f"{count} files, expected 1 to {LIMIT_FILES}")


def _safe(name: str) -> PurePosixPath:
    """The relative path of a member.

    Raises:
        ModelError: it leads out of the folder on this or another system.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or not path.parts:
        raise ModelError(f"{name!r} leads out of the folder")
    return path


def _lift_single_folder(into: Path) -> None:
    """Archives hold one folder with the model's name: its content is the model."""
    inside = list(into.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        return
    holder = inside[0].rename(into.with_name(into.name + ".lift"))
    into.rmdir()
    holder.rename(into)
