"""Models: list, import, pin, verify, and hostile archives that must leave nothing behind."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.base.clock import ManualClock
from bridge.base.errors import BridgeError, NoRecognizerError, SetupError
from bridge.speech import models
from bridge.speech.catalog import MODELS, known
from bridge.speech.unpack import LIMIT_FILES, ModelError, unpack

CLOCK = ManualClock()
FILES = {"am/final.mdl": b"acoustic", "conf/mfcc.conf": b"--dither=0\n", "graph/words.txt": b"hold 1\n"}
NAME = "vosk-model-small-fa-0.42"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def archive(path: Path, files: dict[str, bytes], top: str = f"{NAME}/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(top + name, content)
    return path


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


@pytest.mark.pure
def test_catalogue_says_all_an_operator_must_know() -> None:
    """Names are unique; each has an engine, a language, a size, a licence, a rate and a source."""
    assert len({model.name for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert model.engine in ("moonshine", "vosk", "whisper")
        assert model.size_bytes > 1_000_000
        assert all((model.language, model.licence, model.error_rate))
        assert bool(model.file) != bool(model.package)
        assert known(model.name) is model
    assert known("nobody's") is None
    assert {model.language for model in MODELS} >= {"en", "fa", "ar"}


def test_embedded_model_is_there_and_others_are_not(folder: Path) -> None:
    """The list shows what is here without touching the folder."""
    listed = {item.model.name: item for item in models.list_models(folder)}
    assert listed["moonshine-tiny-en"].path is not None
    assert listed[NAME].path is None
    assert not folder.exists()


def test_import_pin_find_verify(folder: Path, tmp_path: Path) -> None:
    """A model from a zip file is listed, found by language and verified; a changed byte is seen."""
    pin = models.import_model(archive(tmp_path / f"{NAME}.zip", FILES), folder, CLOCK)
    assert (pin.engine, pin.language, pin.files, pin.bytes) == ("vosk", "fa", 3, sum(map(len, FILES.values())))
    assert models.find("vosk", "fa", "", folder) == folder / NAME
    assert models.find("vosk", "fa", NAME, folder) == folder / NAME
    assert models.verify(NAME, folder)
    listed = {item.model.name: item for item in models.list_models(folder)}
    assert listed[NAME].sha256 == pin.sha256
    (folder / NAME / "am" / "final.mdl").write_bytes(b"Acoustic")
    assert not models.verify(NAME, folder)


def test_folder_and_zip_of_one_model_are_the_same(folder: Path, tmp_path: Path) -> None:
    """The pin is over the content, not over the way it came; importing twice changes nothing."""
    models.import_model(archive(tmp_path / f"{NAME}.zip", FILES), folder, CLOCK)
    source = tmp_path / NAME
    for name, content in FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    before = (folder / models.PINS).read_bytes()
    models.import_model(source, folder, CLOCK)
    assert (folder / models.PINS).read_bytes() == before
    assert left_in(folder) == sorted([models.PINS, NAME, *(f"{NAME}/{p}" for p in [*FILES, "am", "conf", "graph"])])


def test_other_content_under_a_pinned_name_is_refused(folder: Path, tmp_path: Path) -> None:
    """Who swaps a model must say so to a person, not to the program."""
    models.import_model(archive(tmp_path / f"{NAME}.zip", FILES), folder, CLOCK)
    other = archive(tmp_path / "other.zip", {**FILES, "am/final.mdl": b"other"})
    with pytest.raises(ModelError, match="differs from the pinned"):
        models.import_model(other, folder, CLOCK, name=NAME)
    assert models.verify(NAME, folder)


def test_model_that_is_not_on_offer_needs_a_language(folder: Path, tmp_path: Path) -> None:
    """A stranger's model is listed by its pin, with its licence not known."""
    source = archive(tmp_path / "vosk-model-small-de-0.15.zip", FILES)
    with pytest.raises(SetupError):
        models.import_model(source, folder, CLOCK)
    models.import_model(source, folder, CLOCK, language="de")
    assert models.find("vosk", "de", "", folder).name == "vosk-model-small-de-0.15"
    assert models.list_models(folder)[-1].model.licence == "not known"


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "a b"])
def test_strange_names_are_refused(name: str, folder: Path, tmp_path: Path) -> None:
    """A name becomes a folder: nothing but plain words."""
    source = archive(tmp_path / (".zip" if not name else "x.zip"), FILES)
    with pytest.raises(SetupError):
        models.import_model(source, folder, CLOCK, name=name, language="de")
    assert left_in(folder) == []


def _link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("am/final.mdl")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, "/etc/passwd")


def _encrypted(path: Path) -> None:
    archive(path, FILES)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.find(mark)
        data[where + at] |= 1
    path.write_bytes(bytes(data))


def _twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as made:
        made.writestr("am/x", b"1")
        made.writestr("am/x", b"2")


def _file_as_folder(path: Path) -> None:
    archive(path, {"am": b"1", "am/x": b"2"}, top="")


def _damaged(path: Path) -> None:
    archive(path, {"am/final.mdl": bytes(1000)})
    data = bytearray(path.read_bytes())
    data[60:64] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))


HOSTILE: dict[str, Callable[[Path], object]] = {
    "climbs out": lambda p: archive(p, {"../../evil": b"x"}, top=""),
    "climbs out inside": lambda p: archive(p, {"am/../../evil": b"x"}, top=""),
    "absolute": lambda p: archive(p, {"/tmp/evil-model": b"x"}, top=""),
    "drive": lambda p: archive(p, {"C:/evil": b"x"}, top=""),
    "backslash": lambda p: archive(p, {"..\\evil": b"x"}, top=""),
    "link": _link,
    "encrypted": _encrypted,
    "twice": _twice,
    "file as folder": _file_as_folder,
    "damaged": _damaged,
    "too many": lambda p: archive(p, {f"am/{n}": b"" for n in range(LIMIT_FILES + 1)}),
    "empty": lambda p: archive(p, {}),
    "no model": lambda p: archive(p, {"readme.txt": b"x"}),
    "no zip": lambda p: p.write_bytes(b"PK\x03\x04 not really"),
    "nothing": lambda p: p.write_bytes(b""),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_archive_leaves_nothing(kind: str, folder: Path, tmp_path: Path) -> None:
    """Refused with a documented error; no file inside or outside the folder remains."""
    source = tmp_path / f"{NAME}.zip"
    HOSTILE[kind](source)
    before = left_in(tmp_path)
    with pytest.raises(BridgeError):
        models.import_model(source, folder, CLOCK)
    assert [name for name in left_in(tmp_path) if name not in (*before, "models")] == []


def test_bomb_is_stopped_by_what_comes_out(tmp_path: Path) -> None:
    """A small archive that unpacks to more than the limit is stopped on the way."""
    source = archive(tmp_path / "bomb.zip", {"am/final.mdl": bytes(50_000_000)})
    assert source.stat().st_size < 100_000
    with pytest.raises(ModelError, match="more than"):
        unpack(source, tmp_path / "out", limit_bytes=1_000_000)
    assert not (tmp_path / "out").exists()


def test_hostile_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """Links and pipes in a folder are not followed; too much is too much."""
    source = tmp_path / NAME
    (source / "am").mkdir(parents=True)
    (source / "am" / "link").symlink_to("/etc/passwd")
    with pytest.raises(ModelError, match="link or device"):
        models.import_model(source, folder, CLOCK)
    (source / "am" / "link").unlink()
    os.mkfifo(source / "am" / "pipe")
    with pytest.raises(ModelError, match="link or device"):
        models.import_model(source, folder, CLOCK)
    (source / "am" / "pipe").unlink()
    (source / "am" / "big").write_bytes(bytes(5000))
    with pytest.raises(ModelError, match="more than"):
        unpack(source, tmp_path / "out", limit_bytes=1000)
    assert left_in(folder) == []


def test_missing_model_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    """Install, verify, find and import name the remedy."""
    with pytest.raises(SetupError, match=f"Fetch {NAME}.zip"):
        models.install(NAME, folder, CLOCK)
    with pytest.raises(SetupError, match="not known"):
        models.install("nobody's", folder, CLOCK)
    with pytest.raises(SetupError, match="not installed or not pinned"):
        models.verify(NAME, folder)
    with pytest.raises(SetupError, match="no such file"):
        models.import_model(tmp_path / f"{NAME}.zip", folder, CLOCK)
    with pytest.raises(NoRecognizerError, match="'fa' is not installed"):
        models.find("vosk", "fa", "", folder)
    with pytest.raises(NoRecognizerError, match=NAME):
        models.find("vosk", "fa", NAME, folder)


def test_install_of_a_present_package_pins_it(folder: Path) -> None:
    """The embedded model needs no network: it is hashed and pinned, and verified afterwards."""
    pin = models.install("moonshine-tiny-en", folder, CLOCK)
    assert pin.files == 3
    assert models.verify("moonshine-tiny-en", folder)


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"version": 2, "models": {}}', b'{"version": 1, "models": {"a": {}}}', b'{"version": 1}'],
)
def test_damaged_pins_are_refused(content: bytes, folder: Path) -> None:
    """Pins that cannot be read are never replaced by new ones."""
    folder.mkdir()
    (folder / models.PINS).write_bytes(content)
    with pytest.raises(ModelError):
        models.list_models(folder)
    with pytest.raises(ModelError):
        models.install("moonshine-tiny-en", folder, CLOCK)
    assert (folder / models.PINS).read_bytes() == content


def test_pins_are_readable_by_people(folder: Path) -> None:
    """One JSON object with a version."""
    models.install("moonshine-tiny-en", folder, CLOCK)
    raw = json.loads((folder / models.PINS).read_text())
    assert raw["version"] == 1
    assert len(raw["models"]["moonshine-tiny-en"]["sha256"]) == 64
