"""The server around an app, in this process."""

import socket
import threading
import time

from serving.lanes.caller import arrived
from serving.settings import Settings
from serving.wire.server import make_server

BODY = b"a" * 2000
REQUEST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)


def test_a_requests_time_begins_before_a_thread_takes_it():
    """Where all threads are busy, or the system gives no further one, it waits for one."""
    goes_on = threading.Event()
    waited = []

    def app(environ, start_response):
        waited.append(time.monotonic() - arrived.get())
        goes_on.wait(10)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    settings = Settings(host="127.0.0.1", port=0, concurrency=1, queue=0)
    server = make_server(app, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    clients = [socket.create_connection(("127.0.0.1", server.effective_port)) for _ in range(6)]
    try:
        for client in clients:
            client.sendall(REQUEST)
        time.sleep(0.5)
        assert len(waited) == 5
        goes_on.set()
        assert all(client.recv(1000).startswith(b"HTTP/1.1 200") for client in clients)
        assert waited[5] >= 0.4
    finally:
        server.stop()
        thread.join(10)
        for client in clients:
            client.close()
