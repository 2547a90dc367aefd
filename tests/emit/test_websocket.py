"""JSON over WebSocket, received by the websockets package; and who is turned away."""

import contextlib
import http.client
import json
import socket
import urllib.parse
from contextlib import contextmanager
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from builders import face, moment, reading
from howifeel import emit, emotions
from howifeel.emit import Target, parse, websocket
from howifeel.errors import OutputError
from howifeel.live import Emitter
from streams import ABOUT, emitting, show, until

TOKEN = "correct-horse-battery"


@pytest.fixture
def ws():
    with emitting(parse("ws:0", token=TOKEN)) as emitter:
        yield emitter


def port_of(emitter):
    return urllib.parse.urlsplit(emitter.state.address).port


@contextmanager
def client(emitter, token=TOKEN, **more):
    """A connected client that has heard what reads; `next` gives a message."""
    with connect(f"ws://127.0.0.1:{port_of(emitter)}/stream?token={token}", **more) as made:
        made.next = lambda: json.loads(made.recv(timeout=8))
        made.about = made.next()
        until(lambda: emitter._sender._clients)
        yield made


def get(emitter, path, **headers):
    """Status, headers and text of a page."""
    link = http.client.HTTPConnection("127.0.0.1", port_of(emitter), timeout=8)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    got = answer.status, dict(answer.getheaders()), answer.read().decode()
    link.close()
    return got


def test_a_reading_arrives_with_all_that_is_known(ws):
    with client(ws) as listener:
        show(ws, moment(25, reading("happy", 0.7, of=face(50, 20, 40, track=7))))
        got = listener.next()
    (found,) = got.pop("faces")
    assert 1.7e9 < got.pop("captured_unix_s") < 1e10
    assert got == {
        "type": "readings", "version": 1, "frame": 25, "time_s": 1.0,
        "width": 200, "height": 100, "gap": None,
    }  # fmt: skip
    shares = found.pop("probabilities")
    assert list(shares) == list(emotions.NAMES) and sum(shares.values()) == pytest.approx(
        1, abs=1e-4
    )
    assert found == {
        "place": 1, "says": "looks happy", "gap": None, "track": 7, "top": "happy",
        "probability": 0.7, "unsure": False, "relative": False,
        "box": [50, 20, 90, 60], "score": 0.9,
    }  # fmt: skip


def test_unsure_and_gaps(ws):
    with client(ws) as listener:
        show(ws, moment(0, reading("sad", 0.3, unsure=True)))
        (unsure,) = listener.next()["faces"]
        assert unsure["says"] == "unsure" and unsure["unsure"] and unsure["probability"] == 0.3
        show(ws, moment(1, gap="too small"))
        got = listener.next()
        (empty,) = got["faces"]
        assert got["gap"] == empty["gap"] == "too small" and empty["says"] == "face too small"
        for name in ("probability", "top", "relative", "track", "box", "score"):
            assert empty[name] is None
        assert set(empty["probabilities"].values()) == {None}


def test_who_comes_late_hears_what_reads_and_the_newest_first(ws):
    show(ws, moment(4, reading("sad")))
    with client(ws) as listener:
        about = listener.about
        assert (about["type"], about["version"], about["program_version"]) == ("about", 1, "1.2.3")
        assert about["model_sha256"] == "ab" * 32 and about["source"] == "talk.mp4"
        assert about["settings"] == {"model": "mine.onnx", "hold": 0.08}
        assert listener.next()["frame"] == 4


@pytest.mark.parametrize("token", ["", "wrong-horse-battery", TOKEN + "x", TOKEN[:-1], "ü" * 16])
@pytest.mark.parametrize("path", ["/", "/stream"])
def test_without_the_token_nobody_gets_in(ws, token, path):
    status, _, text = get(ws, f"{path}?token={urllib.parse.quote(token)}")
    assert status == 403 and "token" in text and TOKEN not in text
    with pytest.raises(InvalidStatus), client(ws, urllib.parse.quote(token)):
        pass


def test_a_token_is_made_for_each_run():
    senders = [emit.build(parse("ws:0")) for _ in range(2)]
    tokens = {sender._token for sender in senders}
    assert len(tokens) == 2 and all(len(token) >= 32 for token in tokens)


def test_pages_from_elsewhere_may_not_read_along(ws):
    own = f"http://127.0.0.1:{port_of(ws)}"
    with client(ws, origin=own):
        pass
    for origin in (
        "http://example.org",
        "null",
        "http://127.0.0.1:1",
        own.replace("http", "https"),
    ):
        with pytest.raises(InvalidStatus), client(ws, origin=origin):
            pass


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:80", "127.0.0.1.example.org", "a b", ""]
)
def test_foreign_names_that_lead_here_are_refused(ws, host):
    assert get(ws, f"/?token={TOKEN}", Host=host)[0] in (400, 403)


def test_the_page_may_load_nothing_and_is_not_kept(ws):
    status, headers, text = get(ws, f"/?token={TOKEN}")
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert text.count(f'nonce="{nonce}"') == 2 and "{nonce}" not in text
    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
    assert "http" not in text and TOKEN not in text
    assert get(ws, f"/other?token={TOKEN}")[0] == 404


def test_the_page_has_the_colours_of_the_expressions():
    page = (websocket.resources.files("howifeel.emit") / "overlay.html").read_text("utf-8")
    colours = emotions.COLOURS_BGR | {emotions.UNSURE: emotions.UNSURE_BGR}
    for name, (blue, green, red) in colours.items():
        assert f'{name}: "#{red:02x}{green:02x}{blue:02x}"' in page


def test_it_is_bound_to_this_computer_unless_told_otherwise(ws):
    assert [s.getsockname()[0] for s in ws._sender._server.sockets] == ["127.0.0.1"]
    with emitting(Target("websocket", "0.0.0.0", 0, token=TOKEN)) as wide:
        assert [s.getsockname()[0] for s in wide._sender._server.sockets] == ["0.0.0.0"]
        with client(wide):
            pass


def test_a_port_that_is_taken_is_one_sentence(ws):
    again = Emitter(emit.build(parse(f"ws:{port_of(ws)}")), ABOUT, 1)
    with pytest.raises(OutputError, match=r"^Port \d+ of 127\.0\.0\.1 cannot be used.*ws:\d+\.$"):
        again.wait_open()
    assert again.close(5)
    assert again.state.state == "failed" and "cannot be used" in again.state.problem


def test_a_client_that_talks_is_sent_away(ws):
    with client(ws) as listener:
        listener.send("hello")
        with pytest.raises(ConnectionClosed) as told:
            listener.next()
    assert told.value.rcvd.code == 1008


def test_a_client_that_never_reads_is_left_out_and_slows_nobody(ws):
    """What waits for it stays small, and it does not keep the others from the newest reading."""
    with stalled(ws), client(ws) as listener:
        until(lambda: len(ws._sender._clients) == 2)
        for index in range(1500):
            show(ws, moment(index, reading("happy")))
            assert listener.next()["frame"] == index
        waiting = [c.transport.get_write_buffer_size() for c in ws._sender._clients]
        assert 0 < max(waiting) < 2000
        assert ws.state.problem == ""


def test_a_client_that_was_slow_hears_of_new_settings_before_its_next_reading(ws, monkeypatch):
    monkeypatch.setattr("howifeel.live.emitter.SETTLED_S", 0)
    with stalled(ws) as wire:
        (its_end,) = ws._sender._clients
        while not its_end.transport.get_write_buffer_size():
            show(ws, moment(1, reading("happy")))
        ws.describe(replace(ABOUT, settings={"hold": 0.5}))
        show(ws, moment(2, reading("happy")))
        got = b""
        wire.settimeout(8)
        while b'"frame": 3' not in got:
            if not its_end.transport.get_write_buffer_size():
                show(ws, moment(3, reading("happy")))
            got += wire.recv(65536)
    assert b'"frame": 2' not in got
    assert got.count(b'"hold": 0.5') == 1
    assert got.index(b'"hold": 0.5') < got.index(b'"frame": 3')


@contextmanager
def stalled(emitter):
    """A client that says hello and never reads again."""
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", port_of(emitter)))
        wire.sendall(
            f"GET /stream?token={TOKEN} HTTP/1.1\r\nHost: 127.0.0.1:{port_of(emitter)}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )
        until(lambda: emitter._sender._clients)
        yield wire


def test_there_is_room_for_so_many_clients_only(ws, monkeypatch):
    monkeypatch.setattr(websocket, "MOST_CLIENTS", 1)
    with client(ws), pytest.raises(InvalidStatus, match="503"), client(ws):
        pass
    until(lambda: not ws._sender._clients)
    with client(ws):
        pass


def test_all_ends_with_a_goodbye_however_clients_are():
    with (
        emitting(parse("ws:0", token=TOKEN)) as emitter,
        stalled(emitter),
        socket.create_connection(("127.0.0.1", port_of(emitter))),
    ):
        with client(emitter) as listener:
            assert emitter.close(5)
            with pytest.raises(ConnectionClosed) as told:
                listener.next()
        assert told.value.rcvd.code == 1001


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00" + bytes(range(256)),
        b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET //[?token= HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /?token=%ff%00%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /stream HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /stream HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /\r\n" * 1000,
        b"",
    ],
)
def test_garbage_gets_no_reading_and_harms_nobody(ws, sent, capfd):
    show(ws, moment(0, reading("happy")))
    with socket.create_connection(("127.0.0.1", port_of(ws)), timeout=8) as wire:
        got = b""
        with contextlib.suppress(ConnectionError):
            wire.sendall(sent)
            wire.shutdown(socket.SHUT_WR)
            while part := wire.recv(65536):
                got += part
    assert b"readings" not in got and b" 200 " not in got
    with client(ws) as listener:
        assert listener.next()["frame"] == 0
    assert ws.state.state == "sending"
    assert capfd.readouterr() == ("", "")
