"""Which service the options mean, and how to talk to it.

``--endpoint`` is called with boto3; ``--stack`` and any URL used with a key, or
that ends in ``/translate``, is the public API; any other URL speaks the
container's contract. Where none is named and none runs here, one is started.
"""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from client.arguments import LOCAL
from client.container import Container
from client.errors import UsageError
from client.glossaries import Glossaries
from client.glossary_file import is_file, read_terms
from client.own_server import own_server, someone_listens
from client.pair import AUTO, Pair
from client.patience import Patience
from client.public_api import PublicApi
from client.stack import Stack
from client.transport import Transport
from client.web import check_url


def connect(options: argparse.Namespace, pair: Pair) -> Transport:
    transport = _connect(options, pair.source == AUTO)
    glossary = options.glossary
    if not glossary:
        return transport
    if is_file(glossary):
        return _with_terms(transport, read_terms(Path(glossary), pair))
    if isinstance(transport, Container):  # the same server keeps glossaries too
        return PublicApi(transport.url, transport.patience, glossary=glossary)
    if isinstance(transport, PublicApi):
        return replace(transport, glossary=glossary)
    raise UsageError("An endpoint keeps no glossaries. Name a file, or a stack instead.")


def _with_terms(transport: Transport, terms: dict[str, str]) -> Transport:
    if isinstance(transport, PublicApi):
        return replace(transport, glossary=terms)
    if isinstance(transport, Container):
        return replace(transport, terms=terms)
    transport.terms = terms  # type: ignore[attr-defined]
    return transport


def connect_glossaries(options: argparse.Namespace) -> Glossaries:
    """Where the service keeps them. Raises `UsageError` for an endpoint, which keeps none."""
    transport = None if options.endpoint else _connect(options)
    if isinstance(transport, PublicApi):
        return Glossaries(transport.url, transport.patience, transport.key)
    if isinstance(transport, Container):
        return Glossaries(transport.url, transport.patience)
    raise UsageError("An endpoint keeps no glossaries. Name a stack or a server instead.")


def _connect(options: argparse.Namespace, is_auto: bool = False) -> Transport:
    """Only the public API knows the language ``auto``."""
    patience = Patience(options.patience)
    if options.endpoint:
        if is_auto:
            raise UsageError("An endpoint serves one pair. Name its --source.")
        from client.endpoint import Endpoint  # boto3 costs half a second: only here

        return Endpoint(options.endpoint, patience)
    if options.stack:
        stack = Stack(options.stack)
        return PublicApi(check_url(stack.url), patience, options.api_key or stack.key)
    return _from_url(options, patience, is_auto)


def _from_url(options: argparse.Namespace, patience: Patience, is_auto: bool) -> Transport:
    named = options.url or os.environ.get("TRANSLATE_URL")
    if not (named or options.api_key or someone_listens()) and (url := own_server.start()):
        own = "a server of its own"
        return PublicApi(url, patience) if is_auto else Container(url, patience, own)
    url = check_url(named or LOCAL)
    if options.api_key or url.endswith("/translate") or is_auto:
        return PublicApi(url.removesuffix("/translate"), patience, options.api_key)
    return Container(url.removesuffix("/invocations"), patience)
