"""A Python language host for machines that have Pulumi's engine without the CLI's own.

The engine starts it as `pulumi-language-python ADDRESS` and asks it to run the program, which runs
in a process of its own, with the Python of the project's virtual environment, through the SDK's
own `run_in_stack`, as the real host does.
"""

import asyncio
import atexit
import os
import runpy
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi import RunError, log
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

SAID_SO = 32  # how the program ends once the engine knows why; the real host's own number


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """`pulumirpc.LanguageRuntime`, as far as the commands of a stack's life ask."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._running: set[subprocess.Popen[bytes]] = set()

    def Handshake(self, request: Any, context: Any) -> Any:
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="3.0.0")

    def About(self, request: Any, context: Any) -> Any:
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse()

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        return language_pb2.GetProgramDependenciesResponse()

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(self, request: Any, context: Any) -> Any:
        return iter(())

    def Cancel(self, request: Any, context: Any) -> Any:
        for program in list(self._running):
            program.send_signal(signal.SIGINT)
        return empty_pb2.Empty()

    def Run(self, request: Any, context: Any) -> Any:
        """What the program prints goes where the host's own output goes."""
        folder = Path(request.info.program_directory or request.pwd)
        if not request.args:
            request.args.append(self._engine)
        command = [_python(request.info), "-P", "-u", __file__, "--program"]
        program = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE)
        self._running.add(program)
        program.communicate(request.SerializeToString())
        self._running.discard(program)
        if program.returncode in (0, SAID_SO):
            return language_pb2.RunResponse(bail=program.returncode == SAID_SO)
        code = program.returncode
        return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """A policy pack, in its folder; it stops when the engine hangs up.

        The real host tells it the stack's settings too, which our pack does not read.
        """
        folder = request.info.program_directory
        command = [_python(request.info), "-u", "-m", "pulumi.policy", *request.args, folder]
        variables = dict(variable.split("=", 1) for variable in request.env)
        plugin = subprocess.Popen(
            command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        context.add_callback(plugin.terminate)
        with plugin:
            for line in plugin.stdout or ():
                yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=plugin.returncode)


def _python(info: Any) -> str:
    """Of the virtual environment that the project, or the policy pack, names."""
    folder = Path(info.program_directory, info.options.fields["virtualenv"].string_value)
    return str(folder / "bin" / "python")


def serve(engine: str) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: os._exit(0))
    server = grpc.server(ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    parent = os.getppid()
    while os.getppid() == parent:
        threading.Event().wait(1)
    os._exit(0)


def run_program() -> int:
    """Run the folder's `__main__.py` for the RunRequest on standard input; answer its status."""
    request = language_pb2.RunRequest.FromString(sys.stdin.buffer.read())
    reset_options(
        project=request.project,
        stack=request.stack,
        monitor_address=request.monitor_address,
        engine_address=request.args[0],
        parallel=request.parallel,
        preview=request.dryRun,
        organization=request.organization or "organization",
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))
    sys.path.insert(0, str(Path.cwd()))
    sys.argv = ["__main__.py"]
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max(request.parallel, 1) * 4))

    def program() -> None:
        runpy.run_path(str(Path.cwd()), run_name="__main__")

    try:
        loop.run_until_complete(run_in_stack(program))
    except RunError as error:
        log.error(str(error))
        return 1
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 1
    except KeyboardInterrupt:
        return 130
    except Exception:
        log.error("Program failed with an unhandled exception:\n" + traceback.format_exc())
        return SAID_SO
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--program"]:
        status = run_program()
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()  # as the real host's sys.exit does, which waits for threads too
        os._exit(status)
    serve(next(argument for argument in sys.argv[1:] if not argument.startswith("-")))
