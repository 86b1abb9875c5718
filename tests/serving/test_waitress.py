"""The members of waitress that `serving/shell` relies on, most of them not documented.

An upgrade that drops or renames one fails here, by name. To add one, add it to the table below.
"""

import ast
import inspect
import socket

import pytest
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from serving.settings import Settings
from serving.shell.channel import Channel
from serving.server import Server, make_server
from serving.shell.dispatcher import Dispatcher
from serving.shell.parser import StrictParser
from serving.shell.tasks import JsonErrorTask, Task

OURS = {
    Server: TcpWSGIServer,
    Channel: HTTPChannel,
    StrictParser: HTTPRequestParser,
    Dispatcher: ThreadedTaskDispatcher,
    Task: WSGITask,
    JsonErrorTask: ErrorTask,
}
OVERRIDDEN = {
    Server: "",
    Channel: "",
    StrictParser: "",
    Dispatcher: "",
    Task: "",
    JsonErrorTask: "",
}
USED = {
    Server: "",
    Channel: "",
    StrictParser: "",
    Dispatcher: "",
    Task: "",
    JsonErrorTask: "",
}
# What is asked of objects that waitress hands over.
PASSED = {
    "adj": "max_request_body_size max_request_header_size recv_bytes",
    "request": "body_bytes_received error headers path",
    "error": "body code reason",
}


def overridden(ours, waitress):
    """What waitress calls, as it stands, and we do in its place."""
    return {name for name in vars(ours) if hasattr(waitress, name) and not name.startswith("__")}


def used(ours):
    """What our code asks of itself without having it: of waitress, then."""
    tree = ast.parse(inspect.getsource(ours))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    asked = {node.attr for node in nodes if ast.unparse(node.value) in ("self", "super()")}
    kept = {node.attr for node in nodes if isinstance(node.ctx, ast.Store)}
    own = {name for name in asked if name.startswith("_") and name in kept | set(vars(ours))}
    return {name for name in asked - own if name not in vars(ours) or name in overridden(ours, OURS[ours])} - {"__init__"}


@pytest.fixture(scope="module")
def objects():
    """One of each of our classes, as a connection makes them."""
    server = make_server(lambda environ, start: [], Settings(host="127.0.0.1", port=0))
    with socket.create_connection(server.socket.getsockname()):
        server.handle_accept()
        (channel,) = server.active_channels.values()
        parser = channel.parser_class(channel.adj)
        parser.received(b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n")
        made = [server, channel, parser, server.task_dispatcher]
        made += [channel.task_class(channel, parser), channel.error_task_class(channel, parser)]
        yield {type(one): one for one in made}
        channel.handle_close()
    server.close_listener()


@pytest.mark.parametrize("ours", OURS, ids=lambda ours: ours.__name__)
def test_what_is_overridden_is_the_table_and_there(ours):
    assert overridden(ours, OURS[ours]) == set(OVERRIDDEN[ours].split())


@pytest.mark.parametrize("ours", OURS, ids=lambda ours: ours.__name__)
def test_what_is_used_is_the_table_and_there(ours, objects):
    assert used(ours) == set(USED[ours].split())
    assert [name for name in sorted(used(ours)) if not hasattr(objects[ours], name)] == []
