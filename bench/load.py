"""The load: a client in a process of its own, so that its CPU is not the server's. One job a line, JSON in and out."""

import http.client
import json
import subprocess
import sys
import time
from collections import Counter
from itertools import islice

from .processes import running
from .servers import HOST

MOST_REQUESTS = 5000
MOST_SECONDS = 60


def run(port: int, requests: list[list], count: int) -> dict:
    """Send `count` requests, one after the other on one connection; at most MOST_REQUESTS and MOST_SECONDS.

    A request is [method, path, headers, body]; the list begins anew when it ends.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    statuses: Counter[int] = Counter()
    started = time.perf_counter()
    for number in range(min(count, MOST_REQUESTS)):
        method, path, headers, body = requests[number % len(requests)]
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses[answer.status] += 1
        if time.perf_counter() - started > MOST_SECONDS:
            break
    seconds = time.perf_counter() - started
    connection.close()
    return {"seconds": seconds, "statuses": {str(status): times for status, times in statuses.items()}}


def client():
    """A client process, to be used in a with statement."""
    return running(["-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def send(process: subprocess.Popen, port: int, requests: list[list], count: int) -> dict:
    """Give the client process a job and wait until it is done."""
    process.stdin.write(json.dumps([port, requests, count]) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def main() -> None:
    """Do each job that comes on standard input."""
    for line in islice(sys.stdin, 10_000):
        sys.stdout.write(json.dumps(run(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
