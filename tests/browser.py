"""A headless Chromium that tests steer by its DevTools protocol; they skip where there is none."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

STARTS_WITHIN_S = 60


class Tab:
    """One page. Expressions are JavaScript; values come back as JSON knows them."""

    def __init__(self, wire):
        self._wire, self._numbers = wire, itertools.count(1)

    def ask(self, method, **parameters):
        number = next(self._numbers)
        self._wire.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._wire.recv(timeout=30))).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, url):
        self.ask("Page.navigate", url=url)

    def value(self, expression):
        got = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def wait(self, expression, wanted=True, within_s=20.0):
        """Ask until the value is there."""
        end = time.monotonic() + within_s
        while (got := self.value(expression)) != wanted:
            assert time.monotonic() < end, f"{expression} is {got!r}, not {wanted!r}"
            time.sleep(0.02)

    def picture(self, width=640, height=360):
        """A PNG of the page; what is transparent stays transparent."""
        clear = {"r": 0, "g": 0, "b": 0, "a": 0}
        self.ask("Emulation.setDefaultBackgroundColorOverride", color=clear)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)  # fmt: skip
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])


@contextmanager
def chromium():
    """A tab of a fresh browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("needs chromium")
    from websockets.sync.client import connect

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ready = Path(folder) / "DevToolsActivePort"
        process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
             "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"HOME": folder},
        )  # fmt: skip
        try:
            end = time.monotonic() + STARTS_WITHIN_S
            while not ready.exists() or "\n" not in ready.read_text():
                assert process.poll() is None and time.monotonic() < end, "chromium does not start"
                time.sleep(0.05)
            port, _ = ready.read_text().split("\n")[:2]
            with connect(_page_of(port), max_size=None, proxy=None) as wire:
                yield Tab(wire)
        finally:
            process.terminate()
            process.wait(20)


def _page_of(port):
    """Where the first page of the browser is steered."""
    import urllib.request

    end = time.monotonic() + STARTS_WITHIN_S
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page"]
        if pages:
            return pages[0]["webSocketDebuggerUrl"]
        assert time.monotonic() < end, "chromium opens no page"
        time.sleep(0.05)
