"""The overlay page in a real browser."""

import io
import socket

import numpy as np
import pytest
from PIL import Image

from browser import chromium
from builders import face, moment, reading
from howifeel.emit import parse
from streams import emitting, show

SAYS = "Array.from(document.querySelectorAll('.face:not([hidden]) .says'), e => e.textContent)"


@pytest.fixture(scope="module")
def tab():
    with chromium() as made:
        yield made


@pytest.fixture
def ws():
    with emitting(parse("ws:0", faces=2)) as emitter:
        yield emitter


def pixels(tab):
    """RGBA, uint8 (360, 640, 4)."""
    return np.asarray(Image.open(io.BytesIO(tab.picture())).convert("RGBA"))


def test_the_label_follows_the_face_on_transparent_ground(ws, tab):
    tab.open(ws.state.address)
    tab.wait("document.readyState", "complete")
    two = reading("sad", 0.62, of=face(80, size=20, track=2))
    show(ws, moment(0, reading("happy", 0.83), two))
    tab.wait(SAYS, ["looks happy", "looks sad"])
    assert tab.value("document.querySelector('.share').textContent") == "83 %"
    happy = pixels(tab)
    assert happy[0, 0, 3] == happy[-1, -1, 3] == happy[180, 400, 3] == 0
    assert happy[..., 3].max() > 180
    yellow = np.array([255, 202, 40])
    assert (np.abs(happy[..., :3].astype(int) - yellow).max(2) < 8).sum() > 100
    show(ws, moment(1, reading("surprise", 0.7)))
    tab.wait(SAYS, ["looks surprised", "no face"])
    show(ws, moment(2, reading("sad", 0.3, unsure=True)))
    tab.wait(SAYS, ["unsure", "no face"])
    assert tab.value("document.querySelector('.share').textContent") == ""
    show(ws, moment(3, gap="blurred"))
    tab.wait(SAYS, ["face blurred", "face blurred"])
    assert "is happy" not in tab.value("document.documentElement.outerHTML")


def test_gaps_can_be_hidden(ws, tab):
    tab.open(f"{ws.state.address}&gaps=hide&side=right&scale=0.5")
    show(ws, moment(0, reading("happy", 0.83)))
    tab.wait(SAYS, ["looks happy"])
    assert tab.value(
        "document.querySelector('.face').getBoundingClientRect().left > innerWidth / 2"
    )
    show(ws, moment(1))
    tab.wait(SAYS, [])


def test_what_is_old_vanishes_and_comes_back(tab):
    with emitting(parse("ws:0", token="correct-horse-battery")) as emitter:
        tab.open(emitter.state.address)
        show(emitter, moment(0, reading("happy")))
        tab.wait(SAYS, ["looks happy"])
        tab.wait(SAYS, [])  # nothing came for some seconds
        show(emitter, moment(1, reading("sad")))
        tab.wait(SAYS, ["looks sad"])
        port = emitter._sender._server.sockets[0].getsockname()[1]
    tab.wait(SAYS, [])  # the program has ended
    with emitting(parse(f"ws:{port}", token="correct-horse-battery")) as emitter:
        show(emitter, moment(2, reading("angry")))
        tab.wait(SAYS, ["looks angry"])


def test_it_is_shown_over_ipv6(tab):
    if not has_ipv6():
        pytest.skip("this computer has no IPv6")
    with emitting(parse("ws:[::1]:0")) as emitter:
        assert "[::1]" in emitter.state.address
        tab.open(emitter.state.address)
        show(emitter, moment(0, reading("happy")))
        tab.wait(SAYS, ["looks happy"])


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_a_wrong_token_shows_no_face(ws, tab):
    tab.open(ws.state.address + "x")
    show(ws, moment(0, reading("happy")))
    tab.wait("document.body.textContent.includes('The token is missing or wrong')")
    assert tab.value(SAYS) == []
