"""A URL that speaks the container's contract: the local server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from client.contract import checked_models, decode, not_ours, read_answer, write_request
from client.pair import Pair
from client.patience import Patience
from client.transport import Answer, Limits
from client.web import fetch
from client.wishes import PLAIN, Wishes


@dataclass(frozen=True)
class Container:
    url: str
    patience: Patience
    name: str = ""
    """For a resumed run, where the URL is another each time."""
    terms: Mapping[str, str] = field(default_factory=dict)
    """Words and how they are to be translated."""

    @property
    def service(self) -> str:
        return self.name or self.url

    def translate(self, texts: list[str], pair: Pair, wishes: Wishes = PLAIN) -> Answer:
        body = write_request(texts, pair, wishes, self.terms)
        answer = self.patience.call(lambda: fetch(f"{self.url}/invocations", body))
        return read_answer(answer, len(texts), self.url)

    def limits(self) -> Limits:
        answer = self._models()
        told = answer.get("limits") if isinstance(answer, dict) else None
        told = told if isinstance(told, dict) else {}
        least = Limits().within(told.get("texts"), told.get("characters"))
        return least.within(None, told.get("tokens"))  # no token is less than a byte

    def models(self) -> list[dict[str, Any]]:
        answer = self._models()
        try:
            return checked_models(answer["models"], self.url)
        except (KeyError, TypeError) as error:
            raise not_ours(self.url) from error

    def _models(self) -> Any:
        return decode(self.patience.call(lambda: fetch(f"{self.url}/models")), self.url)
