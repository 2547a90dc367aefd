"""docs/streams.md names everything that is sent, and nothing else."""

import re
from pathlib import Path

from builders import moment, reading
from howifeel import emotions
from howifeel.emit import Place, Places, Update, lsl, osc, websocket

PAGE = (Path(__file__).parents[2] / "docs" / "streams.md").read_text("utf-8")
UPDATE = Update(0, 0.0, 0.0, 200, 100, Places(1).fill(moment(0, reading())), None)


def section(heading):
    return PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def words(text):
    return set(re.findall(r"[a-z_]+", text))


def test_every_channel_of_lsl():
    told = section("Lab Streaming Layer")
    assert all(f"`{name}`" in told for name in lsl.CHANNELS)
    for number, reason in enumerate(lsl.GAPS[:3], start=1):
        assert f"{number} {reason}" in told


def test_every_address_of_osc():
    told = section("Open Sound Control")
    names = set(osc._values(Place(reading(), None), UPDATE))
    addresses = set(re.findall(r"`/(?:howifeel/face/1/)?([a-z]+)`", told))
    assert names - set(emotions.NAMES) | {"angry", "neutral"} == addresses


def test_every_field_of_json():
    told = words(section("JSON over WebSocket"))
    message = websocket._message(UPDATE)
    assert {*message, *message["faces"][0]} <= told
    assert f'"version": {websocket.VERSION}' in PAGE


def test_ports_and_limits():
    assert f"`--emit ws:{websocket.PORT}`" in PAGE and f"`--emit osc:{osc.PORT}`" in PAGE
    assert f"room for {websocket.MOST_CLIENTS} clients" in " ".join(PAGE.split())
    assert 2 * websocket.PING_EVERY_S == 20 and "twenty seconds" in PAGE
