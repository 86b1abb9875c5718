"""The public API of a deployed stack, in the dialect of LibreTranslate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from client.contract import checked, decode, encode, is_text, not_ours
from client.errors import UsageError
from client.pair import Pair
from client.patience import Patience
from client.transport import Answer, Limits
from client.web import fetch
from client.wishes import PLAIN, Wishes


@dataclass(frozen=True)
class PublicApi:
    url: str
    patience: Patience
    key: str | None = field(default=None, repr=False)
    glossary: str | Mapping[str, str] = ""
    """One that the service keeps, by name or id, or terms to send along."""

    @property
    def service(self) -> str:
        return self.url

    def translate(self, texts: list[str], pair: Pair, wishes: Wishes = PLAIN) -> Answer:
        request: dict[str, Any] = {"q": texts, "source": pair.source, "target": pair.target}
        request |= {"glossary": self.glossary} if self.glossary else {}
        request |= _in_dialect(wishes)
        request["show_warnings"] = True
        body = encode(request | ({"api_key": self.key} if self.key else {}))
        content = self.patience.call(lambda: fetch(f"{self.url}/translate", body))
        answer = decode(content, self.url)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        translated = checked(found, len(texts), self.url)
        codes = self._warnings(answer, len(texts))
        records: list[dict[str, Any]] = [
            {"text": text, **({"warnings": own} if own else {})}
            for text, own in zip(translated, codes, strict=True)
        ]
        others = answer.get("alternatives") if wishes.alternatives else None
        if isinstance(others, list) and len(others) == len(texts):
            pairs = zip(records, others, strict=True)
            records = [{**record, "alternatives": own} for record, own in pairs]
        warnings = [(place, code) for place, own in enumerate(codes) for code in own]
        return Answer(translated, records, warnings)

    def detect(self, text: str) -> str:
        """The code of the language that the text is most likely in."""
        body = encode({"q": text} | ({"api_key": self.key} if self.key else {}))
        found = decode(self.patience.call(lambda: fetch(f"{self.url}/detect", body)), self.url)
        try:
            return str(found[0]["language"])
        except (KeyError, TypeError, IndexError) as error:
            raise not_ours(self.url) from error

    def limits(self) -> Limits:
        """LibreTranslate's own servers tell the first; a limit below 1 is none."""
        told = decode(self.patience.call(lambda: fetch(f"{self.url}/frontend/settings")), self.url)
        told = told if isinstance(told, dict) else {}
        return Limits().within(told.get("batchLimit"), told.get("charLimit"))

    def _warnings(self, answer: dict[str, Any], sent: int) -> list[list[str]]:
        """Of each text; none from a server that does not know the field."""
        found = answer.get("warnings", [[]] * sent)
        if not isinstance(found, list) or not all(isinstance(codes, list) for codes in found):
            raise not_ours(self.url)
        if len(found) != sent or not all(is_text(code) for codes in found for code in codes):
            raise not_ours(self.url)
        return found

    def models(self) -> list[dict[str, Any]]:
        languages = decode(self.patience.call(lambda: fetch(f"{self.url}/languages")), self.url)
        try:
            return [
                {"pair": str(Pair(language["code"], target))}
                for language in languages
                for target in language["targets"]
                if target != language["code"]
            ]
        except (KeyError, TypeError) as error:
            raise not_ours(self.url) from error


def _in_dialect(wishes: Wishes) -> dict[str, Any]:
    """LibreTranslate knows HTML, which XML's tags are to it, and nothing of terms."""
    fields = wishes.fields()
    for name in ("keep", "split"):
        if name in fields:
            raise UsageError(
                f"--{name} goes to a server of the container's contract (--url without a key) or "
                "to an --endpoint, not to the public API."
            )
    return fields | ({"format": "html"} if "format" in fields else {})
