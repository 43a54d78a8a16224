"""Templates of a log: the lines of one shape, found in time that grows with the length."""

from __future__ import annotations

from dataclasses import dataclass, field

from headroom_core.compressors.log import hints
from headroom_core.compressors.log.masks import Shape, shapes
from headroom_core.compressors.log.merging import merge
from headroom_core.compressors.log.source import Source

MANY_ERRORS = 1_000
"""Shapes of errors from which on they are merged as all others are: so many are not read one by one."""


RARE = 2
"""A template of no more lines than this is rare, and shown for that."""

USUAL = 5
"""A template of this many lines, an error of one more than a rare one has, gets an account of how often and when it stands."""


@dataclass(slots=True)
class Template:
    """
    Lines that say the same thing with other values.

    Attributes:
        shape: Their words, with what varies masked.
        severity: How bad they sound, see `hints`.
        level: The level that they are written at, or an empty text.
        lines: Their numbers, counted from 0, in order.

    """

    shape: Shape
    severity: int
    level: str
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mined:
    """The templates of a log, in the order they first appear, and the template of each line."""

    templates: list[Template]
    of_line: list[int]


def is_usual(template: Template) -> bool:
    """Tell whether a template has so many lines that the view says how many, and when."""
    return bool(template.shape) and len(template.lines) >= (RARE + 1 if template.severity == hints.ERROR else USUAL)


def mine(source: Source) -> Mined:
    """Return the templates of a text; blank lines have the template with an empty shape."""
    # Few groups in a log, so that all that takes long is done once for each of them.
    samples = source.samples()
    forms = shapes(samples)
    # The last one to be written stays, and that is the first line of a form.
    sample_of = dict(zip(reversed(forms), reversed(samples), strict=True))
    different = list(sample_of)
    heard = dict(zip(different, hints.judge(list(sample_of.values()), different), strict=True))
    errors = {form for form, (severity, _) in heard.items() if severity == hints.ERROR}
    merged = merge(different, errors if len(errors) <= MANY_ERRORS else ())
    numbers: dict[Shape, int] = {}
    template_of = [numbers.setdefault(merged.get(form, form), len(numbers)) for form in forms]
    first_form = dict(zip(reversed(template_of), reversed(forms), strict=True))
    templates = [Template(shape, *heard[first_form[number]]) for shape, number in numbers.items()]
    of_line = [template_of[group] for group in source.group_of]
    appends = [template.lines.append for template in templates]
    for line, number in enumerate(of_line):
        appends[number](line)
    return Mined(templates, of_line)
