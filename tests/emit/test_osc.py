"""Open Sound Control, received by python-osc's own server."""

import json
import math
from contextlib import contextmanager

import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer

from builders import face, moment, reading
from howifeel import emotions
from howifeel.emit import Target
from streams import emitting, show

FACE = "/howifeel/face/1/"


@contextmanager
def receiver():
    """Everything that arrives, as (address, values), asked for by `take`."""
    heard = []
    dispatcher = Dispatcher()
    dispatcher.set_default_handler(lambda address, *values: heard.append((address, values)))
    with BlockingOSCUDPServer(("127.0.0.1", 0), dispatcher) as server:
        server.timeout = 5

        def take(bundles):
            heard.clear()
            for _ in range(bundles):
                server.handle_request()
            return dict(heard)

        yield server.server_address[1], take


@pytest.fixture
def osc():
    """An open emitter and what its receiver heard after the first words."""
    with receiver() as (port, take), emitting(Target("osc", port=port)) as emitter:
        show(emitter, moment(0))
        about = take(3)
        yield emitter, take, about


def test_a_reading_arrives_with_all_that_is_known(osc):
    emitter, take, _ = osc
    show(emitter, moment(25, reading("happy", 0.7, of=face(50, 20, 40, track=7))))
    got = take(2)
    assert got["/howifeel/frame"] == (25, 1.0, 1, "")
    assert got[FACE + "says"] == ("looks happy",)
    assert got[FACE + "present"] == (1,) and got[FACE + "unsure"] == (0,)
    assert got[FACE + "relative"] == (0,)
    assert got[FACE + "track"] == (7,) and got[FACE + "gap"] == ("",)
    assert got[FACE + "happy"] == pytest.approx((0.7,))
    assert got[FACE + "probability"] == pytest.approx((0.7,))
    assert got[FACE + "box"] == pytest.approx((0.25, 0.2, 0.2, 0.4))
    assert sum(got[FACE + "expressions"]) == pytest.approx(1)
    alone = [got[FACE + name][0] for name in emotions.NAMES]
    assert alone == list(got[FACE + "expressions"])


def test_unsure_is_said_and_the_numbers_stay(osc):
    emitter, take, _ = osc
    show(emitter, moment(1, reading("sad", 0.3, unsure=True)))
    got = take(2)
    assert got[FACE + "says"] == ("unsure",) and got[FACE + "unsure"] == (1,)
    assert got[FACE + "sad"] == pytest.approx((0.3,))


def test_a_gap_is_no_number_and_has_a_reason(osc):
    emitter, take, _ = osc
    show(emitter, moment(1, gap="blurred"))
    got = take(2)
    assert got["/howifeel/frame"][2:] == (0, "blurred")
    assert got[FACE + "says"] == ("face blurred",) and got[FACE + "gap"] == ("blurred",)
    assert got[FACE + "present"] == (0,) and got[FACE + "track"] == (-1,)
    for name in (*emotions.NAMES, "probability", "expressions", "box"):
        assert all(math.isnan(value) for value in got[FACE + name])


def test_every_place_has_its_own_addresses():
    with receiver() as (port, take), emitting(Target("osc", port=port, faces=2)) as emitter:
        show(emitter, moment(0, reading("happy")))
        got = take(4)
    assert got["/howifeel/face/1/says"] == ("looks happy",)
    assert got["/howifeel/face/2/says"] == ("no face",)


def test_what_reads_is_told_without_folders(osc):
    _, _, about = osc
    version, model, sha256, settings = about["/howifeel/about"]
    assert (version, model, sha256) == ("1.2.3", "howifeel.onnx", "ab" * 32)
    assert json.loads(settings) == {"model": "mine.onnx", "hold": 0.08}


def test_nobody_listening_is_no_problem():
    with receiver() as (port, _):
        pass
    with emitting(Target("osc", port=port)) as emitter:
        for index in range(20):
            show(emitter, moment(index))
        assert emitter.state.problem == "" and emitter.state.state == "sending"


def test_a_bundle_fits_into_one_packet():
    """1472 bytes pass an Ethernet without being cut; what is cut is lost more often."""
    with receiver() as (port, take), emitting(Target("osc", port=port, faces=8)) as emitter:
        sizes = []
        send = emitter._sender._client.send
        emitter._sender._client.send = lambda bundle: (sizes.append(bundle.size), send(bundle))
        show(emitter, moment(2**31 - 1, reading("surprise", of=face(track=10**6))))
        assert len(take(10)) > 100
    assert max(sizes) < 1472
