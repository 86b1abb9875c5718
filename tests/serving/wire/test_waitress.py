"""The members of waitress that `serving/wire` relies on, most of them in none of its pages.

An upgrade that drops or renames one fails here, by name; one that we begin to use has to be
entered here.
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
from serving.wire.channel import Channel
from serving.wire.dispatcher import Dispatcher
from serving.wire.parser import StrictParser
from serving.wire.server import Server, make_server
from serving.wire.tasks import JsonErrorTask, Task

WAITRESS = {
    Server: TcpWSGIServer,
    Channel: HTTPChannel,
    StrictParser: HTTPRequestParser,
    Dispatcher: ThreadedTaskDispatcher,
    Task: WSGITask,
    JsonErrorTask: ErrorTask,
}
OVERRIDDEN = {
    Server: "accept add_task channel_class maintenance pull_trigger readable run",
    Channel: (
        "error_task_class handle_error handle_read handle_write last_activity "
        "logger parser_class readable received service task_class"
    ),
    StrictParser: "parse_header received",
    Dispatcher: "add_task start_new_thread",
    Task: "build_response_header execute get_environment write",
    JsonErrorTask: "execute",
}
USED = {
    Server: (
        "_map accept accepting active_channels add_task adj del_channel "
        "handle_accept pull_trigger readable socket"
    ),
    Channel: (
        "_flush_exception _flush_some adj cancel close_when_flushed connected "
        "handle_close handle_read handle_write last_activity outbufs readable "
        "recv received request requests requests_lock server service socket "
        "total_outbufs_len will_close writable"
    ),
    StrictParser: (
        "adj body_bytes_received body_rcv chunked completed error expect_continue "
        "header_bytes_received header_plus headers parse_header path received"
    ),
    Dispatcher: "active_count add_task lock queue set_thread_count stop_count threads",
    Task: (
        "build_response_header channel chunked_response close_on_finish complete "
        "content_bytes_written content_length execute get_environment has_body "
        "request response_headers status write wrote_header"
    ),
    JsonErrorTask: (
        "channel content_length request response_headers set_close_on_finish status write"
    ),
}
# Asked of objects that are handed over, in the modules of `serving/wire`.
PASSED = {
    Server: "active_channels effective_host effective_port handle_accept socket",
    Channel: "adj check_client_disconnected handle_close write_soon",
    StrictParser: "adj body_bytes_received error headers path",
}


def overridden(ours):
    """What waitress calls, and finds ours in its own place."""
    return {name for name in vars(ours) if hasattr(WAITRESS[ours], name) and name[:2] != "__"}


def used(ours):
    """What ours asks of itself that only waitress can have given it."""
    tree = ast.parse(inspect.getsource(ours))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    asked = {node.attr for node in nodes if ast.unparse(node.value) in ("self", "super()")}
    stored = {node.attr for node in nodes if isinstance(node.ctx, ast.Store)}
    made = {name for name in stored if name.startswith("_")}
    return asked - made - (set(vars(ours)) - overridden(ours)) - {"__init__"}


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
    server.trigger.close()


@pytest.mark.parametrize("ours", WAITRESS, ids=lambda ours: ours.__name__)
def test_what_is_overridden_is_there_to_be_overridden(ours):
    assert overridden(ours) == set(OVERRIDDEN[ours].split())


@pytest.mark.parametrize("ours", WAITRESS, ids=lambda ours: ours.__name__)
def test_what_is_used_is_there(ours, objects):
    assert used(ours) == set(USED[ours].split())
    names = {*USED[ours].split(), *PASSED.get(ours, "").split()}
    assert [name for name in sorted(names) if not hasattr(objects[ours], name)] == []
