"""Starts `ferbench serve` for the tests in Python and ends it again."""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

SKIPPED = 77  # CTest's SKIP_RETURN_CODE
SOURCE = Path(__file__).resolve().parents[2]


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def data_folder():
    folder = os.environ.get("FERBENCH_DATA", "")
    if not (Path(folder) / "faces" / "happy_1.jpg").is_file():
        skip("FERBENCH_DATA with the folder faces is not set")
    return Path(folder)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, help="build/ferbench")
    parser.add_argument("--model", help="ONNX file of `ferbench export`",
                        default=str(SOURCE / "tests/reference/onnx/gray.onnx"))
    return parser


class Server:
    """The program on a free port, with a catalogue of songs."""

    def __init__(self, program, model, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="ferbench-")
        songs = Path(self.folder.name) / "songs.sqlite"
        # The server works in a folder of its own, which shows that it writes none.
        program, model = Path(program).resolve(), Path(model).resolve()
        subprocess.run([program, "songs", "import", "--quiet",
                        str(data_folder() / "spotify_moods.csv"), "--db", str(songs)],
                       check=True)
        self.work = Path(self.folder.name) / "work"
        self.work.mkdir()
        self.process = subprocess.Popen(
            [program, "serve", "--model", model, "--songs", str(songs), "--port", "0",
             *options],
            stdout=subprocess.PIPE, text=True, cwd=self.work)
        line = self.process.stdout.readline()
        assert line.startswith("serving http://127.0.0.1:"), line
        self.address = line.split()[1].rstrip("/")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        written = list(self.work.iterdir())
        self.folder.cleanup()
        assert code == 0, f"exit code {code} after SIGTERM"
        assert not written, f"files were written: {written}"

    def ask(self, path, body=None, content_type=None):
        """(status, JSON or text) of an answer."""
        request = urllib.request.Request(self.address + path, data=body)
        if content_type:
            request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text, kind = answer.status, answer.read(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            status, text, kind = error.code, error.read(), error.headers["Content-Type"]
        return status, json.loads(text) if "json" in kind else text.decode()
