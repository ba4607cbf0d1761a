"""The peer of bench/intake.py: a bare WSGI function that does one single-row INSERT and answers 200."""

import threading

import psycopg

from config import database

_own = threading.local()


def application(environ, start_response):
    connection = getattr(_own, "connection", None)
    if connection is None:
        connection = _own.connection = psycopg.connect(database.url(), autocommit=True)
    connection.execute("INSERT INTO bench_bare (body) VALUES (%s)", [environ["wsgi.input"].read()])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
