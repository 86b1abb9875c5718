"""The container contract over a real socket."""


def test_plain_text_in_plain_text_out(server):
    reply = server.text("Hello world!")
    assert (reply.status, reply.body.decode()) == (200, "Hallo Welt!")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_ping_is_200_and_empty(server):
    reply = server.get("/ping")
    assert (reply.status, reply.body) == (200, b"")
