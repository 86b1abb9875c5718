"""The commands `translate`, `translate-server` and `translate-models` of the distribution.

The program's packages have names that anybody may use: `serving`, `handlers`, `models`. In a clone
they are at the top level. The wheel has them below this package, in `_program`, which is put on the
path of these commands only: nothing of theirs can be imported by, or clash with, what else is
installed beside it.
"""

import os
import sys
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parent / "_program"


def translate() -> None:
    _use_program()
    from client.command import main

    os.environ.setdefault("MODELS_DIR", str(own_models()))  # for a server that it may start
    main()


def serve() -> None:
    _use_program()
    from serving.__main__ import main

    os.environ.setdefault("GATEWAY_PIVOT", "en")
    main(prog="translate-server", own_models=str(own_models()))


def models() -> None:
    _use_program()
    from models.__main__ import main

    os.environ.setdefault("MODELS_DIR", str(own_models()))
    sys.exit(main(prog="translate-models"))


def own_models() -> Path:
    """Where `translate-models add` puts them: the program's own folder goes with an update."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "serverless-translation" / "models"


def _use_program() -> None:
    """In a clone, and in an editable installation of one, the packages are beside this one."""
    program = _PROGRAM if _PROGRAM.is_dir() else _PROGRAM.parents[1]
    sys.path.insert(0, str(program))
