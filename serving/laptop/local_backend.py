"""The translator of this process as the backend of the public API."""

import logging

from gateway.backend import Term, Translation, TranslationRequest
from gateway.errors import BackendError
from serving.errors import FAILED, ServingError
from serving.request import Request
from serving.service.admission import Admission

log = logging.getLogger(__name__)


class LocalBackend:
    """`gateway.backend.Backend` over the places of one translator."""

    def __init__(self, translator: Admission) -> None:
        self._translator = translator
        self.pairs, self.demonstrations = translator.pairs, translator.demonstrations

    def translate(self, request: TranslationRequest) -> list[Translation]:
        """Raises `BackendError` with what the container would have answered."""
        try:
            answer = self._translator.translate(Request(**request.document()))
        except ServingError as error:
            raise BackendError(
                error.status, error.code, error.message, error.retry_after
            ) from error
        except BaseException as error:
            log.exception("request %s failed", request.request_id)
            raise BackendError(ServingError.status, ServingError.code, FAILED) from error
        return [
            Translation(
                t.text,
                tuple(t.alternatives),
                t.score,
                tuple(t.warnings),
                t.confidence,
                tuple(Term(*term) for term in t.terms),
            )
            for t in answer.translations
        ]
