"""Where readings are sent, as it is typed; and what the network gets to know."""

import subprocess
import sys

import pytest

from howifeel import emit
from howifeel.emit import Target, lsl
from howifeel.errors import MissingPackageError, SettingsError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lsl", Target("lsl")),
        ("lsl:0.0.0.0", Target("lsl", "0.0.0.0")),
        ("osc", Target("osc")),
        ("osc:9001", Target("osc", port=9001)),
        ("osc:10.0.0.7", Target("osc", "10.0.0.7")),
        ("osc:stage.local:57120", Target("osc", "stage.local", 57120)),
        ("osc:[::1]:9000", Target("osc", "::1", 9000)),
        ("ws:8080", Target("websocket", port=8080)),
        ("websocket", Target("websocket")),
    ],
)
def test_a_target_as_it_is_typed(text, expected):
    assert emit.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "smoke", "osc:", "osc:host:", "osc:::1", "osc:a:b", "ws:70000"]
)
def test_what_is_spelled_wrongly_is_refused_in_one_sentence(text):
    with pytest.raises(SettingsError, match=r"^[A-Z].*\.$"):
        emit.parse(text)


@pytest.mark.parametrize(
    "wrong", [{"faces": 0}, {"faces": 9}, {"token": "short"}, {"token": "a b" * 9}]
)
def test_impossible_values_are_refused(wrong):
    with pytest.raises(SettingsError):
        emit.parse("ws", **wrong)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.8.8.8", True),
     ("0.0.0.0", False), ("::", False), ("192.168.0.7", False), ("stage.local", False)],
)  # fmt: skip
def test_this_computer_alone_or_not(host, local):
    assert Target("osc", host).is_local is local


@pytest.mark.parametrize(("protocol", "port"), [("osc", None), ("websocket", 0)])
def test_who_else_can_read_along_is_said_where_anybody_can(protocol, port):
    assert emit.build(Target(protocol, port=port)).notes == ()
    (note,) = emit.build(Target(protocol, "192.168.0.7", port)).notes
    assert "others in the network" in note and note.endswith(".")


def test_lsl_always_says_who_can_read_along(monkeypatch):
    monkeypatch.setattr(lsl, "_used", {})  # another test may have opened it
    (here,), (everywhere,) = (emit.build(emit.parse(t)).notes for t in ("lsl", "lsl:0.0.0.0"))
    assert "this computer only" in here and "every computer" in everywhere


@pytest.mark.parametrize("text", ["lsl:9000", "lsl:192.168.0.7", "osc:0"])
def test_what_a_protocol_cannot_do_is_said(text):
    with pytest.raises(SettingsError, match=r"\.$"):
        emit.build(emit.parse(text))


@pytest.mark.parametrize(
    ("protocol", "package", "extra"),
    [
        ("lsl", "pylsl", "lsl"),
        ("osc", "pythonosc", "osc"),
        ("websocket", "websockets", "websocket"),
    ],
)
def test_a_missing_package_is_told_with_the_command_that_brings_it(
    protocol, package, extra, monkeypatch
):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError, match=rf'pip install "howifeel\[{extra}\]"\.$'):
        emit.build(Target(protocol))


QUIET = """
import sys
opened = []
sys.addaudithook(lambda event, _: event.startswith("socket.") and opened.append(event))
from howifeel import emit
import howifeel.cli.live
for text in ("lsl", "osc", "ws"):
    emit.build(emit.parse(text))
print(opened)
"""


def test_nothing_is_opened_before_it_is_asked_for():
    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_not_used_is_not_loaded():
    script = "import howifeel.cli.live, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"pylsl", "pythonosc", "websockets"} & set(done.stdout.split())
