"""Lab Streaming Layer, received by pylsl in another process, on this computer only."""

import asyncio
import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builders import face, moment, reading
from howifeel import emit, emotions
from howifeel.emit import parse
from howifeel.emit.lsl import CHANNELS, GAPS
from howifeel.errors import OutputError
from streams import ABOUT, emitting, show, until

LOOPBACK = """[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
ListenAddress = 127.0.0.1
AddressesOverride = {127.0.0.1}
[log]
level = -2
"""


class Receiver:
    """Runs `lsl_receiver.py` and reads what it prints."""

    def __init__(self, folder, ids):
        config = folder / "lsl_api.cfg"
        config.write_text(LOOPBACK)
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("lsl_receiver.py")), *ids],
            env=os.environ | {"LSLAPICFG": str(config)}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.infos = [ElementTree.fromstring(self.next()["info"]) for _ in ids]
        assert self.next() == {"ready": True}
        self.waiting = {id: [] for id in ids}

    def next(self):
        line = self.process.stdout.readline()
        assert line, "the receiver ended"
        return json.loads(line)

    def end(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def lsl(tmp_path, request):
    """An open emitter and a receiver of its numbers and labels."""
    about = replace(ABOUT, source=f"/films/{tmp_path.name}-{os.getpid()}.mp4")
    with emitting(parse("lsl"), about) as emitter:
        sender = emitter._sender
        ids = [o.get_info().source_id() for o in (*sender._numbers, *sender._labels)]
        receiver = Receiver(tmp_path, ids)
        until(lambda: all(o.have_consumers() for o in (*sender._numbers, *sender._labels)))
        yield emitter, receiver, ids
        receiver.end()


def sample(receiver, id):
    """The next sample of a stream; those of the other one wait."""
    while not receiver.waiting[id]:
        got = receiver.next()
        receiver.waiting[got["id"]].append((got["values"], got["stamp"]))
    return receiver.waiting[id].pop(0)


def test_it_is_described_as_a_laboratory_expects(lsl):
    _, receiver, _ = lsl
    numbers, labels = receiver.infos
    assert numbers.findtext("name") == "HowIFeel face 1"
    assert numbers.findtext("type") == "Expression"
    assert float(numbers.findtext("nominal_srate")) == 0
    channels = numbers.findall("desc/channels/channel")
    assert [c.findtext("label") for c in channels] == list(CHANNELS)
    assert [c.findtext("unit") for c in channels[:7]] == ["probability"] * 7
    assert [c.findtext("label") for c in channels[:7]] == list(emotions.NAMES)
    told = numbers.find("desc/acquisition")
    assert told.findtext("model_sha256") == "ab" * 32 and told.findtext("version") == "1.2.3"
    assert json.loads(told.findtext("settings")) == {"model": "mine.onnx", "hold": 0.08}
    assert "/" not in told.findtext("source")
    assert labels.findtext("type") == "Markers" and labels.findtext("channel_format") == "string"


def test_numbers_labels_and_the_time_of_the_picture(lsl):
    emitter, receiver, (numbers, labels) = lsl
    show(emitter, moment(0, reading("happy", 0.7, of=face(track=3))), age_s=5)
    values, stamp = sample(receiver, numbers)
    got = dict(zip(CHANNELS, values, strict=True))
    assert got["happy"] == pytest.approx(0.7) and sum(values[:7]) == pytest.approx(1)
    assert (got["shown"], got["unsure"], got["track"], got["gap"]) == (3, 0, 3, 0)
    assert got["relative"] == 0
    said, same = sample(receiver, labels)
    assert said == ["looks happy"] and same == stamp
    import pylsl

    assert pylsl.local_clock() - stamp == pytest.approx(5, abs=2)
    show(emitter, moment(1, reading("happy", 0.6)), age_s=4)
    _, later = sample(receiver, numbers)
    assert later - stamp == pytest.approx(1, abs=0.8)


def test_unsure_and_gaps(lsl):
    emitter, receiver, (numbers, labels) = lsl
    show(emitter, moment(0, reading("sad", 0.3, unsure=True)))
    values, _ = sample(receiver, numbers)
    assert dict(zip(CHANNELS, values, strict=True))["unsure"] == 1
    assert sample(receiver, labels)[0] == ["unsure"]
    for index, (gap, says) in enumerate(
        [("no face", "no face"), ("too small", "face too small"), ("blurred", "face blurred")], 1
    ):
        show(emitter, moment(index, gap=gap))
        values, _ = sample(receiver, numbers)
        got = dict(zip(CHANNELS, values, strict=True))
        assert got.pop("gap") == GAPS.index(gap) + 1
        assert all(map(math.isnan, got.values()))
        assert sample(receiver, labels)[0] == [says]


def test_a_label_is_sent_where_it_changes(lsl):
    emitter, receiver, (_, labels) = lsl
    for index, top in enumerate(("happy", "happy", "happy", "sad", "happy")):
        show(emitter, moment(index, reading(top)))
    said = [sample(receiver, labels)[0][0] for _ in range(3)]
    assert said == ["looks happy", "looks sad", "looks happy"]


def test_a_receiver_that_sleeps_slows_nobody(lsl):
    emitter, receiver, _ = lsl
    receiver.process.send_signal(signal.SIGSTOP)
    for index in range(1500):
        show(emitter, moment(index, reading("happy")))
    assert emitter.state.sent == 1500 and emitter.state.problem == ""


def test_other_settings_are_described_anew(tmp_path):
    with emitting("lsl") as emitter:
        emitter.describe(replace(ABOUT, settings={"hold": 0.5}))
        time.sleep(1.1)  # settings are told when they have settled
        show(emitter, moment(0, reading()))
        (outlet,) = emitter._sender._numbers
        xml = ElementTree.fromstring(outlet.get_info().as_xml())
        assert json.loads(xml.findtext("desc/acquisition/settings")) == {"hold": 0.5}


def test_there_are_two_streams_for_each_place():
    with emitting(parse("lsl", faces=3)) as emitter:
        show(emitter, moment(0, reading()))
        names = [o.get_info().name() for o in emitter._sender._labels]
        assert names == [f"HowIFeel face {n} label" for n in (1, 2, 3)]
        assert emitter._sender._said == ["looks happy", "no face", "no face"]


CHANGE_OF_MIND = """
import sys
from howifeel import emit
from howifeel.errors import OutputError
from streams import emitting
first, then = sys.argv[1:]
planned = emit.build(emit.parse(then))
for _ in range(2):
    with emitting(first):
        pass
try:
    emit.build(emit.parse(then))
except OutputError as error:
    print(error)
from howifeel.live import Emitter
from streams import ABOUT
late = Emitter(planned, ABOUT, 1)
try:
    late.wait_open()
except OutputError as error:
    print(error)
print(planned._numbers, late.close(5))
"""


@pytest.mark.parametrize(
    ("first", "then"), [("lsl", "lsl:0.0.0.0"), ("lsl:0.0.0.0", "lsl")], ids=["wider", "closer"]
)
def test_who_may_listen_cannot_be_changed_while_it_runs(tmp_path, first, then):
    """The library reads its configuration once; what it would not do is refused, not promised."""
    config = tmp_path / "lsl_api.cfg"
    config.write_text(LOOPBACK)
    done = subprocess.run(
        [sys.executable, "-c", CHANGE_OF_MIND, first, then], capture_output=True, text=True,
        check=True, cwd=Path(__file__).parents[1], env=os.environ | {"LSLAPICFG": str(config)},
    )  # fmt: skip
    sentence = "LSL decides at its first use who may listen; restart HowIFeel to change that."
    assert done.stdout.splitlines() == [sentence, sentence, "[] True"]


def test_a_library_that_cannot_stay_here_opens_nothing(monkeypatch):
    import pylsl

    def missing(content):
        raise NotImplementedError("not in this version")

    monkeypatch.setattr(pylsl, "set_config_content", missing)
    sender = emit.build(parse("lsl"))
    with pytest.raises(OutputError, match=r"cannot be kept on this computer; run: pip"):
        asyncio.run(sender.open())
    assert sender.address == ""
