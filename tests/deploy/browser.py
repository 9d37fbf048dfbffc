"""Headless Chromium over the DevTools protocol, with a photograph as its camera."""
import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket


def find_browser():
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def camera_file(path, gray, width=640, height=480, frames=10):
    """A Y4M video of one gray picture (rows of bytes, `height` of them)."""
    chroma = bytes([128]) * (width * height // 2)
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode())
        for _ in range(frames):
            file.write(b"FRAME\n" + gray + chroma)


class Browser:
    """One page. `camera`: a Y4M file; None: a machine without a camera."""

    def __init__(self, camera=None):
        self.folder = tempfile.TemporaryDirectory(
            prefix="ferbench-", ignore_cleanup_errors=True
        )
        # As root and in a container, whose /dev/shm is small.
        flags = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                 "--remote-debugging-port=0",
                 "--remote-allow-origins=*", f"--user-data-dir={self.folder.name}",
                 "--use-fake-ui-for-media-stream", "--hide-scrollbars"]
        if camera:
            flags += ["--use-fake-device-for-media-stream",
                      f"--use-file-for-fake-video-capture={camera}"]
        self.process = subprocess.Popen([find_browser(), *flags, "about:blank"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        self.next_id = 0
        self.problems = []
        self.socket = websocket.create_connection(self._page(), timeout=60)
        for domain in ("Page", "Runtime", "Log", "DOM", "Accessibility"):
            self.send(f"{domain}.enable")

    def _page(self):
        port_file = Path(self.folder.name) / "DevToolsActivePort"
        for _ in range(300):
            try:
                port = port_file.read_text().split()[0]
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                    pages = [p for p in json.load(answer) if p["type"] == "page"]
                return pages[0]["webSocketDebuggerUrl"]
            except (OSError, IndexError):
                time.sleep(0.1)
        raise RuntimeError("the browser did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        # Debian's command is a script that the browser outlives: the whole group.
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.folder.cleanup()

    def send(self, method, **params):
        self.next_id += 1
        self.socket.send(json.dumps({"id": self.next_id, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.next_id:
                assert "error" not in message, (method, message["error"])
                return message["result"]
            self._note(message)

    def _note(self, message):
        # Errors on the console: exceptions, blocked loads, failed requests.
        if message.get("method") == "Runtime.exceptionThrown":
            self.problems.append(message["params"]["exceptionDetails"])
        if message.get("method") == "Log.entryAdded":
            entry = message["params"]["entry"]
            if entry["level"] == "error":
                self.problems.append(f"{entry['text']} {entry.get('url', '')}")

    def evaluate(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"did not become true: {expression}\n"
                             + str(self.evaluate("document.body.innerText")))

    def open(self, address):
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank' "
                  "&& document.querySelector('#about').textContent !== ''")

    def click(self, element_id):
        """A real click at the middle of an element, which must be in view."""
        x, y = self.evaluate(
            f"(() => {{ const e = document.getElementById('{element_id}');"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key):
        code = {"Tab": 9, "Enter": 13, " ": 32}[key]
        text = {"Enter": "\r", " ": " "}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key if key != " " else
                      "Space", windowsVirtualKeyCode=code, **extra)

    def choose_file(self, element_id, path):
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=f"#{element_id}")["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def resize(self, width, height, phone=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=phone)

    def dark(self, on=True):
        self.send("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def screenshot(self, path):
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": size["width"],
                               "height": size["height"], "scale": 1})["data"]
        Path(path).write_bytes(base64.b64decode(data))
