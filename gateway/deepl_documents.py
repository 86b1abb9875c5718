"""DeepL's document API, version 2, as its official clients use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from bottle import Bottle, HTTPResponse, request

from gateway.access import admit, identify, identity
from gateway.backend import TranslationRequest
from gateway.deepl_parameters import check_honoured
from gateway.documents import Documents, Order
from gateway.errors import bad_request
from gateway.file_work import format_of, named_for
from gateway.files import check_on, check_size, download, read_upload, uploaded
from gateway.glossary_choice import asked_glossaries, terms_of
from gateway.parameters import Parameters, read_parameters
from gateway.service import Service

Language = Callable[[Parameters], str]


@dataclass(frozen=True)
class DeepLDocumentRoutes:
    service: Service
    documents: Documents
    source: Language
    target: Language

    def mount(self, app: Bottle) -> None:
        app.post("/v2/document", callback=self.upload)
        app.route("/v2/document/<id>", ["GET", "POST"], callback=self.status)
        app.route("/v2/document/<id>/result", ["GET", "POST"], callback=self.result)

    def upload(self) -> dict[str, str]:
        """Take a document in; all but its content is checked at once."""
        check_on(self.service)
        parameters = read_upload(self.service)
        client = admit(self.service, parameters)
        check_honoured(parameters)
        upload = uploaded(parameters, "Parameter 'file' not specified.")
        if not upload.content:
            raise bad_request("The document is empty.")
        check_size(self.service, upload.content)
        suffix = format_of(upload.filename, "Invalid file extension")
        source, target = self.source(parameters), self.target(parameters)
        _check_output(parameters, upload.filename)
        wanted = TranslationRequest((), source, target, **identity())
        glossaries = asked_glossaries(parameters)
        terms_of(self.service, client, glossaries, (source, target), ())  # whether they exist
        order = Order(named_for(upload.filename, target), suffix, wanted, glossaries)
        id, key = self.documents.add(client, upload.content, order)
        return {"document_id": id, "document_key": key}

    def status(self, id: str) -> dict[str, Any]:
        client, key = self._who()
        return self.documents.status(client, id, key)

    def result(self, id: str) -> HTTPResponse:
        client, key = self._who()
        return download(self.documents.take(client, id, key))

    def _who(self) -> tuple[str, str]:
        check_on(self.service)
        parameters = read_parameters(request, self.service.settings)
        client = identify(self.service, parameters)
        key = parameters.first("document_key")
        if not isinstance(key, str):
            raise bad_request("Parameter 'document_key' not specified.")
        return client, key


def _check_output(parameters: Parameters, filename: str) -> None:
    wanted = parameters.first("output_format")
    own = PurePath(filename).suffix[1:].lower()
    if wanted and str(wanted).lower() != own:
        raise bad_request(f"Conversion from {own} to {str(wanted)[:10]} is not supported.")
