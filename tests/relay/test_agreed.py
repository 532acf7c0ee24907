"""What the dialplan says about messages: what ships can be sealed, what cannot is named by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.base.dialplan import load
from bridge.base.errors import DialplanError
from bridge.relay.agreed import agreed
from bridge.relay.positions import Form
from bridge.relay.ranks import TABLES
from bridge.relay.sealed_text import languages
from tests.base.test_dialplan import CODED, LOCKED, REFERENCE, SHIPPED
from tests.station.plans import write_plan


def plan_with(folder: Path, tables: str) -> Path:
    path = write_plan(folder, "127.9.9")
    path.write_text(
        path.read_text(encoding="utf-8").replace("[sides.us]", f"{tables}\n[sides.us]", 1), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_can_be_said(path: Path) -> None:
    """Coded texts in three languages, a reference point, rank tables and locked names."""
    found = agreed(load(path))
    assert found.coded.texts and found.locked and found.reference and found.ranks is not TABLES
    for text in found.coded.texts:
        assert len({text.wording(language).text for language in languages()}) == len(languages())
    codes = [code for table in found.ranks.values() for code in table.values()]
    assert all(code.startswith("OF-") for code in codes)


def test_an_empty_dialplan_has_the_open_tables(tmp_path: Path) -> None:
    """Where nothing is said there are no texts and no point, and the tables of open sources count."""
    found = agreed(load(write_plan(tmp_path, "127.9.9")))
    assert (found.coded.texts, found.locked, found.reference, found.jump_m) == ((), (), None, 5000)
    assert found.ranks is TABLES


def test_what_is_said_is_used(tmp_path: Path) -> None:
    """Each key arrives in the form in which messages use it."""
    ranks = '[ranks.ir]\n"سرتیپ" = "OF-6"'
    found = agreed(load(plan_with(tmp_path, CODED + REFERENCE + LOCKED + ranks + "\n[positions]\njump_m = 700")))
    assert found.coded.find("GULF 12").wording("fa").text == "پ"
    assert found.reference and found.reference.position.latitude_udeg == 26_500_000
    assert found.reference.position.form is Form.MINUTES
    assert (found.jump_m, found.ranks, found.locked[0].of("ar")) == (700, {"ir": {"سرتیپ": "OF-6"}}, ["لارك"])


@pytest.mark.parametrize(
    ("tables", "key", "text"),
    [
        (CODED.replace('en = "a"\n', 'en = "Ж"\n'), "coded.0.text.en", "value 'Ж': character U+0416"),
        (CODED.replace('fa = "پ"\n', 'fa = "ك"\n'), "coded.0.text.fa", "value 'ك': character U+0643"),
        (CODED.replace('"ب", fa', '"ب  ب", fa'), "coded.0.title.ar", "value 'ب  ب': a space"),
        (CODED + CODED.replace("12", "13"), "coded", "title 'a' (en) is given twice; expected each once"),
        (LOCKED.replace('["لارك"]', '["لارك", "لارک"]'), "locked.0.ar.1", "character U+06A9"),
    ],
)
def test_what_cannot_be_sealed_is_named(tmp_path: Path, tables: str, key: str, text: str) -> None:
    """A text that could never be sealed is found before anything starts."""
    path = plan_with(tmp_path, tables)
    with pytest.raises(DialplanError) as caught:
        agreed(load(path))
    assert caught.value.where == f"{path}, key {key}"
    assert text in caught.value.what
