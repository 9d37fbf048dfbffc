"""Load on `ferbench serve`: clients that send a photograph again and again.
Prints errors, requests a second, latencies and the memory at the beginning and
the end. Not part of the test suite: tests/deploy/load.py --program build/ferbench
"""
import http.client
import threading
import time

from serving import Server, arguments, data_folder


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
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20


def main():
    parser = arguments()
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    photo = (data_folder() / "faces" / "happy_1.jpg").read_bytes()
    times, errors, memory = [], [], []
    with Server(options.program, options.model, "--rate", "0") as server:
        address = server.address.removeprefix("http://")
        end = time.monotonic() + options.seconds
        threads = [threading.Thread(target=client, args=(address, photo, end, times, errors))
                   for _ in range(options.clients)]
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            time.sleep(options.seconds / 6)
            memory.append(resident_mib(server))
        for thread in threads:
            thread.join()
    times.sort()
    share = lambda p: times[min(len(times) - 1, int(p * len(times)))] * 1000
    print(f"{options.clients} clients, {options.seconds:g} s, photograph of {len(photo)} bytes: "
          f"{len(times)} requests ({len(times) / options.seconds:.0f} /s), {len(errors)} errors, "
          f"p50 {share(.5):.0f} ms, p99 {share(.99):.0f} ms, "
          f"memory {', '.join(f'{m:.0f}' for m in memory)} MiB")
    if errors:
        raise SystemExit(f"errors: {errors[:5]}")


if __name__ == "__main__":
    main()
