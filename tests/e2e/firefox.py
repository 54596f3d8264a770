"""Firefox without a window, driven by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.e2e.conftest import until

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
SECONDS = 30
FILL = """(label, text) => {
    const labels = [...document.querySelectorAll('label')];
    const named = labels.find(one => one.textContent.trim().startsWith(label));
    const field = named?.control ?? document.querySelector(`[aria-label="${label}"]`);
    if (!field) return false;
    field.focus();
    const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set;
    setter.call(field, text);
    field.dispatchEvent(new Event('input', {bubbles: true}));
    return true;
}"""
PRESS = """name => {
    const named = one => (one.getAttribute('aria-label') ?? one.textContent).trim() === name;
    const found = [...document.querySelectorAll('button, a')].find(one => named(one) && !one.disabled);
    found?.click();
    return Boolean(found);
}"""


@dataclass
class Firefox:
    """One running Firefox; `tab` opens pages that share its cookies and storage."""

    socket: ClientConnection
    numbers: Iterator[int] = field(default_factory=itertools.count)
    faults: list[str] = field(default_factory=list)

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=SECONDS))
            if message.get("method") == "log.entryAdded" and message["params"]["type"] == "javascript":
                self.faults.append(message["params"]["text"])
            if message.get("id") == number:
                assert message["type"] == "success", message
                return dict(message["result"])

    def tab(self) -> Tab:
        return Tab(self, self.command("browsingContext.create", type="tab")["context"])


@dataclass
class Tab:
    firefox: Firefox
    context: str

    def visit(self, url: str) -> None:
        self.firefox.command("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def call(self, function: str, *arguments: str) -> Any:
        """What a function of plain values gives in the page; only plain results."""
        answer = self.firefox.command(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": one} for one in arguments],
            target={"context": self.context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def fill(self, label: str, text: str) -> None:
        until(lambda: self.call(FILL, label, text), SECONDS, f"a field {label}")

    def press(self, name: str) -> None:
        until(lambda: self.call(PRESS, name), SECONDS, f"a button {name}")

    def expect(self, text: str) -> None:
        until(lambda: text in self.text(), SECONDS, f"“{text}” on the page")

    def text(self) -> str:
        return str(self.call("() => document.body.innerText"))


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    program = shutil.which("firefox-esr")
    assert program, "Firefox is missing; `make test` installs it"
    profile.mkdir()
    log = profile.with_suffix(".log")
    command = [
        program,
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        "--remote-debugging-port",
        "0",
    ]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        found = until(lambda: LISTENING.search(log.read_text()), SECONDS, "Firefox listens")
        with connect(f"{found[1]}/session", proxy=None, max_size=None) as socket:
            made = Firefox(socket)
            made.command("session.new", capabilities={})
            made.command("session.subscribe", events=["log.entryAdded"])
            yield made
    finally:
        process.terminate()
        process.wait(SECONDS)
