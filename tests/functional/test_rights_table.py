"""docs/rights.md says what the API answers to whom."""

from tests.functional.rights_table import BEGIN, DOCUMENT, missing, table
from tests.inprocess import Service


def test_the_document_says_what_every_operation_answers_to_whom(service: Service) -> None:
    assert missing(service) == set()
    said = DOCUMENT.read_text().partition(BEGIN)[2].strip().splitlines()
    assert said == table(service), "write it anew: python tests/functional/rights_table.py"
