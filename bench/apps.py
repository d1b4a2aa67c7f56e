"""The two references: the least that Flask does, and the least that a server does."""

import os

from flask import Flask

hello = Flask("hello")
BODY = b"x" * int(os.environ.get("BENCH_BODY_BYTES", "1000"))
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


@hello.get("/")
def say_hello() -> str:
    """A view that does nothing."""
    return "Hello, world!"


def constant(_environ, start_response):
    """As many bytes as the article page has, without a framework."""
    start_response("200 OK", HEADERS)
    return [BODY]
