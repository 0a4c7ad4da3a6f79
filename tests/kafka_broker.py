"""A real Apache Kafka for the tests: one that is named, or a container, or a broker started from the published jars."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import fasteners

VERSION = "4.1.0"
IMAGE = f"apache/kafka:{VERSION}"
CACHE = Path.home() / ".cache" / "hearthline-kafka"
POM = f"""<project><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.1</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.1</version></dependency>
</dependencies></project>"""
PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
"""
LOGGING = """rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c{1} %m%n
"""


class NoKafka(Exception):
    """There is no broker here and no way to start one. The message says in one line why."""


@contextmanager
def broker(shared: Path) -> Iterator[str]:
    """The address of a broker; `shared` is a directory that all test processes of this run have in common.

    The first process starts the broker. Every process holds a read lock as long as it uses it; the guard that runs the
    broker waits for the write lock, which it gets when the last process has gone, in whatever way. Raises NoKafka.
    """
    if named := os.environ.get("HEARTHLINE_TEST_KAFKA"):
        yield named
        return
    shared.mkdir(parents=True, exist_ok=True)
    using = fasteners.InterProcessReaderWriterLock(shared / "using")
    try:
        with fasteners.InterProcessLock(shared / "starting"):
            using.acquire_read_lock()
            address = _running(shared) or _start(shared)
        yield address
    finally:
        using.release_read_lock()


def _running(shared: Path) -> str | None:
    with suppress(FileNotFoundError, ConnectionError, TimeoutError):
        address: str = json.loads((shared / "address").read_text())
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=2).close()
        return address
    return None


def _start(shared: Path) -> str:
    how = "container" if docker_answers() else "jars"
    if how == "jars":
        fetch_jars()
    with (shared / "guard.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, how, str(shared)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    until = time.monotonic() + 120
    while (address := _running(shared)) is None:
        if process.poll() is not None or time.monotonic() > until:
            raise NoKafka(f"Kafka did not start: {(shared / 'guard.log').read_text()[-500:]!r}")
        time.sleep(0.1)
    process.returncode = 0  # It outlives this process on purpose.
    return address


def docker_answers() -> bool:
    """Whether a Docker engine answers on its socket, found out in a second at most."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        return address.startswith("tcp://")
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(1)
        client.connect(address.removeprefix("unix://"))
        client.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
        return b" 200 " in client.recv(100)
    return False


def fetch_jars() -> Path:
    """The directory of the broker's jars, fetched by Maven the first time. Raises NoKafka."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if not java:
        raise NoKafka("there is neither a Docker engine nor Java 17")
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', version)
    if not found or int(found[1]) < 17:
        raise NoKafka("there is neither a Docker engine nor Java 17")
    CACHE.mkdir(parents=True, exist_ok=True)
    jars = CACHE / f"jars-{VERSION}"
    with fasteners.InterProcessLock(CACHE / "fetching"):
        if (jars / ".complete").exists():
            return jars
        if not maven:
            raise NoKafka("there is neither a Docker engine nor Maven, which would fetch the broker")
        (CACHE / "pom.xml").write_text(POM)
        command = [maven, "-q", "-B", "-f", str(CACHE / "pom.xml"), "dependency:copy-dependencies"]
        fetched = subprocess.run([*command, f"-DoutputDirectory={jars}"], capture_output=True, check=False)
        if fetched.returncode:
            raise NoKafka("Maven could not fetch the broker")
        (jars / ".complete").touch()
    return jars


@contextmanager
def jar_broker(directory: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A broker of its own on `port`, its data in `directory`, until the context is left."""
    jars = fetch_jars()
    properties, logging = directory / "server.properties", directory / "log4j2.properties"
    properties.write_text(PROPERTIES.format(port=port, controller=free_port(), data=directory / "data"))
    logging.write_text(LOGGING)
    java = ["java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-cp", f"{jars}/*"]
    java.append(f"-Dlog4j2.configurationFile={logging}")
    if not (directory / "data").exists():
        cluster = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
        storage = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties), "--standalone"]
        subprocess.run([*java, *storage], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([*java, "kafka.Kafka", str(properties)], stdin=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def container_broker(port: int) -> Iterator[None]:
    """A broker in a container that answers on `port`, until the context is left."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs

    container = (
        DockerContainer(IMAGE)
        .with_bind_ports(9092, port)
        .with_env("KAFKA_NODE_ID", "1")
        .with_env("KAFKA_PROCESS_ROLES", "broker,controller")
        .with_env("KAFKA_LISTENERS", "PLAINTEXT://:9092,INTERNAL://:19092,CONTROLLER://:9093")
        # The broker also talks to itself, and the published port does not exist inside the container.
        .with_env("KAFKA_ADVERTISED_LISTENERS", f"PLAINTEXT://localhost:{port},INTERNAL://localhost:19092")
        .with_env("KAFKA_INTER_BROKER_LISTENER_NAME", "INTERNAL")
        .with_env("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT")
        .with_env("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
        .with_env("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093")
        .with_env("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
        .with_env("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
        .with_env("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
        .with_env("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
        .with_env("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
        .with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
    )
    with container:
        wait_for_logs(container, "Kafka Server started", timeout=60)
        yield


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens on `port`; raise NoKafka when the process ends before."""
    while process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise NoKafka(f"the broker ended with code {process.returncode}")


def guard(how: str, shared: Path) -> None:
    """Run a broker until nobody uses it any more."""
    using = fasteners.InterProcessReaderWriterLock(shared / "using")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hearthline-kafka-") as directory:
        running = container_broker(port) if how == "container" else jar_broker(Path(directory), port)
        with running:
            host = "localhost" if how == "container" else "127.0.0.1"
            (shared / "address").write_text(json.dumps(f"{host}:{port}"))
            using.acquire_write_lock(delay=0.1, max_delay=0.5)
            (shared / "address").unlink()
        using.release_write_lock()


if __name__ == "__main__":
    guard(sys.argv[1], Path(sys.argv[2]))
