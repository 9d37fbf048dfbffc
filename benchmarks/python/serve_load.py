"""Load on `ferbench serve`: clients that send a photograph again and again.

    FERBENCH_DATA=... python3 benchmarks/python/serve_load.py --program build/ferbench

64 clients for 30 s by default. Prints requests a second, errors, p50 and p99 of the
latency as the clients see it (they run beside the server, in one Python process) and the
server's memory before, while and after. Exit code 1 where there was an error or where the
memory grew by more than --growth MiB after the first third.
"""
import http.client
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "deploy"))

from serving import SOURCE, Server, arguments, data_folder  # noqa: E402


def client(address, photo, end, times, errors):
    connection = http.client.HTTPConnection(address, timeout=30)
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            connection.request("POST", "/api/predict", photo,
                               {"Content-Type": "image/jpeg"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                errors.append(answer.status)
        except OSError as error:
            errors.append(repr(error))
            connection.close()
        times.append(time.monotonic() - start)


def resident_mib(server):
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def run_clients(server, photo, options):
    """Latencies in seconds, errors, memory in MiB at six moments."""
    times, errors, memory = [], [], []
    address = server.address.removeprefix("http://")
    end = time.monotonic() + options.seconds
    threads = [threading.Thread(target=client, args=(address, photo, end, times, errors))
               for _ in range(options.clients)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        time.sleep(options.seconds / 6)
        memory.append(resident_mib(server))
    for thread in threads:
        thread.join()
    return sorted(times), errors, memory


def released_model():
    return str(SOURCE / "models" / (SOURCE / "models/default.txt").read_text().split()[0])


def main():
    parser = arguments()
    parser.set_defaults(model=released_model())
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--growth", type=float, default=16, help="MiB that are still flat")
    options = parser.parse_args()
    photo = (data_folder() / "faces" / "happy_1.jpg").read_bytes()
    with Server(options.program, options.model, "--rate", "0") as server:
        before = resident_mib(server)
        times, errors, memory = run_clients(server, photo, options)
        after = resident_mib(server)
    share = lambda p: times[min(len(times) - 1, int(p * len(times)))] * 1000
    grown = after - memory[1]
    print(f"{options.clients} clients, {options.seconds:g} s, photograph of {len(photo)} bytes, "
          f"{len(os.sched_getaffinity(0))} processors, load average {os.getloadavg()[0]:.1f}\n"
          f"{len(times)} requests ({len(times) / options.seconds:.0f} /s), {len(errors)} errors, "
          f"p50 {share(.5):.0f} ms, p99 {share(.99):.0f} ms\n"
          f"memory: {before:.0f} MiB before, {', '.join(f'{m:.0f}' for m in memory)} under load, "
          f"{after:.0f} after")
    if errors:
        sys.exit(f"error: {len(errors)} requests failed, first {errors[:5]}")
    if grown > options.growth:
        sys.exit(f"error: the memory grew by {grown:.0f} MiB after the first third")


if __name__ == "__main__":
    main()
