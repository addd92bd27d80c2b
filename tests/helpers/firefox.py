"""Firefox, driven over its own remote protocol (Marionette): a line of JSON each way, no driver needed."""

import contextlib
import json
import shutil
import socket
import subprocess
import time

PROGRAMS = ("firefox-esr", "firefox")
STARTING = 60.0  # seconds


class Firefox:
    """A session in a Firefox that listens on a port of this machine."""

    def __init__(self, connection):
        self._connection, self._number = connection, 0
        self._read()  # it says first who it is
        self.ask("WebDriver:NewSession", {})

    def _read(self):
        size = b""
        while (one := self._connection.recv(1)) != b":":
            assert one, "Firefox has gone"
            size += one
        text = b""
        while len(text) < int(size):
            text += self._connection.recv(int(size) - len(text))
        return json.loads(text)

    def ask(self, command, parameters):
        """Give a command and its answer; an error of Firefox fails the test."""
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(f"{len(text)}:".encode() + text)
        _, _, error, answer = self._read()
        assert error is None, error
        return answer

    def open(self, address):
        """Go to a page."""
        self.ask("WebDriver:Navigate", {"url": address})

    def run(self, script, *arguments):
        """What a script in the page returns."""
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})["value"]

    def until(self, script, seconds=120.0):
        """What a script returns, as soon as that is anything."""
        end = time.monotonic() + seconds
        while not (found := self.run(script)):
            assert time.monotonic() < end, f"never: {script}"
            time.sleep(0.05)
        return found


def program():
    """The program, where there is one."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@contextlib.contextmanager
def launched(path, profile):
    """A Firefox without a window or a network, and with a profile of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile.mkdir()
    preferences = {"marionette.port": port, "network.proxy.type": 1, "network.proxy.no_proxies_on": ""}
    preferences |= {"network.proxy.http": "127.0.0.1", "network.proxy.ssl": "127.0.0.1"}  # where nobody listens
    preferences |= {"network.proxy.http_port": 9, "network.proxy.ssl_port": 9}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    words = [path, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + STARTING
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", port), timeout=STARTING)
                break
            except OSError:
                assert time.monotonic() < end, "Firefox does not listen"
                time.sleep(0.1)
        with contextlib.closing(connection):
            yield Firefox(connection)
    finally:
        process.terminate()
        process.wait(30)
