"""The served desk keeps what `/openapi.json` promises, whatever it is sent: schemathesis makes that up from it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from archive.desk.api import document
from tests.desk_server import Desk

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = {GenerationMode.POSITIVE: 15, GenerationMode.NEGATIVE: 10}
#: Where only the address could be wrong, a wrong one is another address.
ASKED = [
    (method, path, mode)
    for path, methods in document()["paths"].items()
    for method, about in methods.items()
    for mode in EXAMPLES
    if mode is GenerationMode.POSITIVE or "requestBody" in about or any(p["in"] == "query" for p in about["parameters"])
]


@pytest.fixture(scope="session")
def schema(desk: Desk) -> Any:
    """The document as the desk itself serves it."""
    return schemathesis.openapi.from_url(f"{desk.url}/openapi.json")


@pytest.mark.parametrize(("method", "path", "mode"), ASKED)
def test_every_answer_is_one_that_the_document_tells(schema: Any, method: str, path: str, mode: GenerationMode) -> None:
    """No server error, no status, type or body that is not described, for values right and wrong."""
    operation = schema[path][method]

    @settings(max_examples=EXAMPLES[mode], deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def sent(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    sent()
