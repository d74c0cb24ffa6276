"""Everything that workers do, by name: what a template process imports."""

from collections.abc import Mapping

from ..images.tasks import TASKS as IMAGES
from ..previews.tasks import TASKS as PREVIEWS
from .serving import Task

TASKS: Mapping[str, Task] = {**PREVIEWS, **IMAGES}
