"""docs/rights.md says what every address answers to whom."""

from tests.functional.rights_pages import SETTINGS
from tests.functional.rights_table import BEGIN, DOCUMENT, missing, tables
from tests.inprocess.fixtures import StartService


def test_the_document_says_what_every_address_answers_to_whom(start: StartService) -> None:
    service = start(**SETTINGS)
    assert missing(service) == set()
    said = DOCUMENT.read_text().partition(BEGIN)[2].strip().splitlines()
    assert said == tables(service), "write it anew: python tests/functional/rights_table.py"
