"""The pools of worker processes, by what they are for. Their processes start when they are first asked."""

import os
from pathlib import Path

from ..workers import MemoryCeiling, Template, WorkerPool
from .rendering import WAIT_SECONDS

TASKS = "pastebin.workers.tasks"

# More workers would make pictures sooner, and take more memory than a service is expected to.
MOST_IMAGE_WORKERS = 4

# Requests that wait for a picture: more than a browser has connections, fewer than a server has threads.
IMAGES_WAITING = 8

# Bytes of JSON that a preview may take; the HTML in it is at most eight times as long as its text.
LONGEST_PREVIEW = 16 * 2**20


# What all workers at work may have together, in bytes; the other processes take less than 256 MiB.
MOST_MEMORY = 640 * 2**20


def make_ceiling() -> MemoryCeiling:
    """Return the bound of memory that all pools share."""
    return MemoryCeiling(MOST_MEMORY)


def make_template() -> Template:
    """Return the process from which the workers of all pools are forked."""
    return Template(TASKS)


def make_preview_pool(template: Template, ceiling: MemoryCeiling, quarantine: Path) -> WorkerPool:
    """Return the pool for previews. It is apart so that pictures do not wait for texts."""
    return WorkerPool(
        template,
        size=2,
        waiting=8,
        ceiling=ceiling,
        wait_seconds=2.0,
        quarantine=quarantine,
        max_header=LONGEST_PREVIEW,
        max_body=0,
    )


def make_image_pool(template: Template, ceiling: MemoryCeiling, quarantine: Path) -> WorkerPool:
    """Return the pool for images: as many workers as processors, one image at a time that is heavy."""
    return WorkerPool(
        template,
        size=_image_workers(),
        waiting=IMAGES_WAITING,
        ceiling=ceiling,
        wait_seconds=WAIT_SECONDS,
        heavy_slots=1,
        quarantine=quarantine,
    )


def image_requests() -> int:
    """Return how many requests are at work on images or wait: those with a worker, slow ones, the others."""
    return 2 * _image_workers() + IMAGES_WAITING


def _image_workers() -> int:
    return min(os.cpu_count() or 1, MOST_IMAGE_WORKERS)
