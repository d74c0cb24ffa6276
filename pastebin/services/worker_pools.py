"""The pools of worker processes, by what they are for. Their processes start when they are first asked."""

from pathlib import Path

from ..workers import Template, WorkerPool

TASKS = "pastebin.workers.tasks"


def make_template() -> Template:
    """Return the process from which the workers of all pools are forked."""
    return Template(TASKS)


def make_preview_pool(template: Template, quarantine: Path) -> WorkerPool:
    """Return the pool for previews. It is apart so that pictures do not wait for texts."""
    return WorkerPool(template, size=2, waiting=8, wait_seconds=2.0, quarantine=quarantine)
