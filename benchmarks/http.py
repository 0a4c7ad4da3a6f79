"""A whole command over HTTP beside a bare FastAPI route that does one INSERT, each in a server process of its own."""

import asyncio
import multiprocessing
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httptools
import orjson
import uvicorn
import uvloop
from fastapi import FastAPI

from benchmarks.alive import alive
from benchmarks.figure import Figure, fresh_database, rate
from benchmarks.subject import WORDS, OrderBody
from events.http import process_app
from events.ids import uuid7
from events.process import settled
from events.tracing import Tracing

CONNECTIONS, TURNS = 64, 3


async def measure(url: str, seconds: float) -> list[Figure]:
    """Requests a second over 64 kept connections, and what tracing costs. The three take turns; the median turn counts."""
    sides = (
        (_bare_server, "/orders/{}"),
        (_our_server, "/bench/orders/{}"),
        (_our_untraced_server, "/bench/orders/{}"),
    )
    turns: list[list[float]] = [[] for _ in sides]
    for _ in range(TURNS):
        for (server, path), rates in zip(sides, turns, strict=True):
            async with fresh_database(url) as fresh:
                rates.append(await _with_server(server, fresh, seconds / TURNS, path))
    bare, traced, untraced = map(median, turns)
    return [
        Figure.beside(
            "HTTP command, 64 connections", traced, "requests/s", "bare FastAPI route, one INSERT", bare, least_ratio=1
        ),
        Figure.beside("the same with tracing at 10 %", traced, "requests/s", "tracing off", untraced, least_ratio=0.9),
    ]


async def _our_server(url: str, port: int, ready: Any) -> None:
    await _serve_ours(url, port, ready, 0.1)


async def _our_untraced_server(url: str, port: int, ready: Any) -> None:
    await _serve_ours(url, port, ready, 0.0)


async def _serve_ours(url: str, port: int, ready: Any, ratio: float) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with alive(url, Path(directory), tracing=Tracing("bench", ratio)) as (runtime, headers):
            ready.put(headers)
            await _serve(process_app([runtime]), port)


async def _bare_server(url: str, port: int, ready: Any) -> None:
    pool = await asyncpg.create_pool(url, min_size=8, max_size=8)
    await pool.execute("create table orders (id uuid primary key, county text, quantity int, words text)")
    app = FastAPI()

    @app.put("/orders/{order_id}")
    async def place(order_id: str, body: OrderBody) -> dict[str, str]:
        await pool.execute(
            "insert into orders values ($1, $2, $3, $4)", order_id, body.county, body.quantity, body.words
        )
        return {"id": order_id}

    ready.put({})
    await _serve(app, port)


async def _serve(app: Any, port: int) -> None:
    config = uvicorn.Config(app, port=port, log_level="error", access_log=False)
    with settled():  # both sides alike
        await uvicorn.Server(config).serve()


def _process(server: Any, url: str, port: int, ready: Any) -> None:
    uvloop.run(server(url, port, ready))


async def _with_server(server: Any, url: str, seconds: float, path: str) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    process = context.Process(target=_process, args=(server, url, port, ready), daemon=True)
    process.start()
    try:
        headers = await asyncio.to_thread(ready.get, True, 30)
        async with _connections(port) as connections:
            body = orjson.dumps({"county": "Alder", "quantity": 1, "words": WORDS})

            async def once() -> int:
                connection = connections.pop()
                status = await connection.put(path.format(uuid7()), headers, body)
                assert status in (200, 201), f"answered {status}"
                connections.append(connection)
                return 1

            return await rate(CONNECTIONS, seconds, once)
    finally:
        process.terminate()
        process.join(10)


class _Client(asyncio.Protocol):
    """One kept connection, lean so that the load itself costs little of the two cores."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        assert self.answer is not None
        self.answer.set_result(self.parser.get_status_code())
        self.parser = httptools.HttpResponseParser(self)

    async def put(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Send one request and wait for the status of its answer."""
        self.answer = asyncio.get_running_loop().create_future()
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        extra += f"host: bench\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        head = f"PUT {path} HTTP/1.1\r\n{extra}\r\n"
        self.transport.write(head.encode() + body)
        return await self.answer


@asynccontextmanager
async def _connections(port: int) -> AsyncIterator[list[_Client]]:
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(CONNECTIONS):
        for _ in range(100):
            try:
                _, client = await loop.create_connection(_Client, "127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0.05)
        clients.append(client)
    try:
        yield clients
    finally:
        for client in clients:
            client.transport.close()
