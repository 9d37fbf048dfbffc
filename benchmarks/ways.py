"""The programs that benchmarks/compare.py asks in turn."""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


class BenchError(Exception):
    pass


class Way:
    """One process that answers questions in JSON."""

    def __init__(self, name, command, environment):
        self.name = name
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env=environment)
        except OSError as error:
            raise BenchError(
                f"[compare] expected a program to start for '{name}'; got "
                f"'{error.strerror}' ({command[0]}). `make bench` builds it.") from None

    def ask(self, **question):
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise BenchError(
                f"[compare] expected an answer of '{self.name}' to {question}; got none, it "
                f"ended with {self.process.wait()}. Its own words stand above.")
        return json.loads(answer)

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:  # it has ended, and not all was read
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def start(options, ways):
    """Fills `ways`, so that those which were started can be ended."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    threads = str(options.threads)
    ours = [options.program, threads, options.model]
    ways.append(Way("ferbench", [*ours, "full", options.device], environment))
    if options.variants:
        for name in ("direct", "plain"):
            ways.append(Way(f"ferbench-{name}", [*ours, name, options.device], environment))
    for name in options.ways.split(","):
        ways.append(Way(name, [options.python, str(HERE / "python" / "rival.py"), name,
                               "--model", options.model, "--threads", threads,
                               "--device", options.device],
                        environment))
