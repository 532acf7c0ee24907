"""A dialplan on addresses of one's own, for tests of a station."""

from __future__ import annotations

from pathlib import Path


def side(
    name: str, host: str, other: str, sip: int, page: int, extra: str = "", line: str = "", served: str = ""
) -> str:
    return f"""
[sides.{name}]
name = {{ en = "Side {name}", ar = "طرف", fa = "طرف" }}
language = "en"
page = {{ host = "{host}", port = {page}{served} }}
{extra}
[sides.{name}.line]
host = "{host}"
port = {sip}
rtp_ports = [41000, 41031]
admit = ["{other}/32"]
{line}
[[sides.{name}.contacts]]
id = "watch"
name = {{ en = "Watch", ar = "مناوبة", fa = "کشیک" }}
role = {{ en = "Watch", ar = "مناوبة", fa = "کشیک" }}
rank = "OF-5"
tier = 1
uri = "sip:watch@{other}:5060"
[[sides.{name}.handsets]]
id = "desk"
uri = "sip:desk@{other}:5070"
"""


def write_plan(folder: Path, subnet: str, *, extra: str = "", line: str = "", served: str = "") -> Path:
    """Sides `us` on .11 and `ir` on .12, SIP on 5060, pages on 8080; `extra`, `line`, `served` add keys to us."""
    path = folder / "plan.toml"
    path.write_text(
        'theatre = "Test"\nzones = ["Asia/Muscat", "Asia/Tehran"]\n'
        + side("us", f"{subnet}.11", f"{subnet}.21", 5060, 8080, extra, line, served)
        + side("ir", f"{subnet}.12", f"{subnet}.22", 5060, 8080),
        encoding="utf-8",
    )
    return path
