"""How the pages feel: jumps, first look, answers to a touch, bytes on the wire.

    PYTHONPATH=. .venv/bin/python bench/pages.py [FOLDER [PAGE ...]]

Prints a row for each page, and writes them as pages.json and pages.md into FOLDER, beside those that are
there already. With names of pages, those only. Ends with a list of what is not as good as it should be, if
there is anything, and with status 1 then.

For every kind of page: the cumulative layout shift (CLS) at 360 and 1440 pixels, while it loads, is scrolled
and pressed; then on a phone with a cold cache, slow 3G (400 kbit/s, 400 ms) and a processor of a quarter of
the speed the largest contentful paint (LCP), the longest answer to a touch (INP) with what was touched, and
the bytes that came: the median of some visits, as the machine does other things too. Definitions:
https://web.dev/articles/vitals
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, StorageState, sync_playwright

from bench.page_addresses import Place, places_on, start
from bench.page_goals import HEAD, keep, missed, row
from bench.page_visits import measure, sign_in
from tests.servers.process import find_program


def main() -> int:
    """Measure every kind of page of a server that is started for it; return how many have missed a goal."""
    folder, wanted = sys.argv[1:2], sys.argv[2:]
    with tempfile.TemporaryDirectory() as data, start(Path(data)) as server, sync_playwright() as driver:
        places = places_on(server)
        unknown = set(wanted) - set(places)
        if unknown:
            sys.exit(f"There is no page {', '.join(sorted(unknown))}; there are: {', '.join(places)}")
        browser = driver.chromium.launch(executable_path=find_program("chromium"), args=["--no-sandbox"])
        states = sign_in(browser, server.url)
        print(HEAD)
        results = {}
        for name in wanted or places:
            results[name] = _measured(browser, places[name], states[places[name].who])
            print(row(name, results[name]), flush=True)
            if folder:
                keep(Path(folder[0]), results, list(places))
        browser.close()
    print("load of the machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    wrong = [fault for name, found in results.items() for fault in missed(name, found)]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def _measured(browser: Browser, place: Place, state: StorageState) -> dict[str, Any]:
    """Return what a page takes, or why that is not known: a page that fails is no end of the others."""
    today = datetime.now(UTC).date().isoformat()
    try:
        return {**measure(browser, place, state), "measured": today}
    except Error as error:
        return {"fault": str(error).partition("\n")[0], "measured": today}


if __name__ == "__main__":
    sys.exit(main())
