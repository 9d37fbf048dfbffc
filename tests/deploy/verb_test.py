"""`ferbench serve` as a command: help, errors, what it prints, how it ends."""
import signal
import subprocess
import tempfile
from pathlib import Path

from serving import Server, arguments


def run(program, *options):
    return subprocess.run([program, "serve", *options], capture_output=True, text=True,
                          timeout=60)


def check_error(program, expected, *options, code=1):
    result = run(program, *options)
    lines = result.stderr.splitlines()
    assert result.returncode == code, (options, result.returncode, result.stderr)
    assert len(lines) == 1 and lines[0].startswith("error: "), result.stderr
    assert expected in lines[0], (expected, lines[0])


def main():
    options = arguments().parse_args()
    program, model = options.program, ("--model", options.model)
    help_text = run(program, "--help")
    assert help_text.returncode == 0 and "Example: ferbench serve" in help_text.stdout
    check_error(program, "/no/such.onnx", "--model", "/no/such.onnx")
    check_error(program, "/no/such.sqlite", *model, "--songs", "/no/such.sqlite")
    check_error(program, "valence_arousal", *model, "--policy", "loudest")
    check_error(program, "Name one with --songs FILE", *model, "--playlist", "mine.m3u")
    check_error(program, "--port", *model, "--port", "70000", code=2)
    check_error(program, "[serve] expected a free port at 192.0.2.1:0", *model,
                "--host", "192.0.2.1", "--port", "0")
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        Path(file.name).write_text("no database")
        check_error(program, file.name, *model, "--songs", file.name)
    with Server(program, options.model, "--quiet") as server:
        port = server.address.rsplit(":", 1)[1]
        check_error(program, "'Address already in use'", *model, "--port", port)
        assert server.ask("/healthz")[0] == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
        assert server.process.stdout.read() == ""
    print("serve begins, complains and ends as it should")


if __name__ == "__main__":
    main()
