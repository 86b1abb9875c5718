"""The page at /, the OpenAPI document at /spec and its readable form at /docs."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bottle import Bottle, HTTPResponse, request

from gateway import openapi, reference
from gateway.address import public_address
from gateway.service import Service

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]_/~-]{1,255}")  # nothing that a shell reads
_PAGE = Path(__file__).with_name("static") / "index.html"


@dataclass
class PageRoutes:
    service: Service

    def mount(self, app: Bottle) -> None:
        app.get("/", callback=lambda: self._page)
        app.get("/spec", callback=self.spec)
        app.get("/docs", callback=self.docs)
        app.get("/docs/", callback=self.docs)

    def spec(self) -> dict[str, Any]:
        """The OpenAPI document, with the title by which the client Dialect knows an instance."""
        described = self._described()
        return {**described, "info": {**described["info"], "title": "LibreTranslate"}}

    def _described(self) -> dict[str, Any]:
        return openapi.describe(self.service.routes, self.service.settings)

    def docs(self) -> HTTPResponse:
        """The readable form; its commands have the address by which the caller came."""
        address = public_address(self.service.settings)
        known = address if _ADDRESS.fullmatch(address) else None
        root = "../" if request.path.endswith("/") else "./"
        return html_answer(reference.as_html(self._described(), known, root))

    @cached_property
    def _page(self) -> HTTPResponse:
        return html_answer(_PAGE.read_text(encoding="utf-8"))


def html_answer(html: str) -> HTTPResponse:
    """HTML with a policy that lets nothing run or load but what the document itself holds."""
    policy = "; ".join(
        [
            "default-src 'none'",
            "connect-src 'self'",
            "img-src data:",
            f"script-src {_hashes('script', html)}",
            f"style-src {_hashes('style', html)}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return HTTPResponse(html.encode(), headers=headers)


def _hashes(tag: str, html: str) -> str:
    """The content security policy's hash sources of all inline elements of one kind."""
    contents = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(c.encode()).digest()).decode() for c in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
