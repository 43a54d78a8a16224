"""Views of source code, in every language that has a grammar."""

# ruff: noqa: E501  # samples read better with few breaks

# samples read better with few breaks

import re
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.code import CodeCompressor
from headroom_core.compressors.code.languages import LANGUAGES, Language
from headroom_core.compressors.code.numbered import unnumbered
from headroom_core.compressors.code.outline import outline
from headroom_core.compressors.code.parsing import parse, parse_best
from headroom_core.testing import CompressorConformance
from tests.core.code_samples import HANDLE, NAMES, source, view_of

FUNCTION = '''@cached
async def work_{n}(
    limit: int, *rest: Any
) -> int:
    """Do work {n}.

    It takes long,
    and it is not
    always done.
    """
    text = "no colon: {{ # no comment"
    total = other_{n}(text)
    for one in rest:
        total += step_{n}(one)
    if total > limit:
        raise TooMuchError(total)
    return total

'''


def python(count=24):
    """Return a file with so many functions of one form."""
    return "import os\nfrom typing import Any\n\n" + "".join(FUNCTION.format(n=n) for n in range(count))


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor."""
        return CodeCompressor()

    def payloads(self):
        """Return files of several languages."""
        return [source(name, 60) for name in ("python", "go", "ruby", "typescript")]


def test_every_row_of_the_table_has_nodes_that_its_grammar_knows():
    """A query with a type of node that a grammar does not have would fail at a user's."""
    for language in LANGUAGES.values():
        assert isinstance(language, Language)
        assert outline(parse("x\n", language)).bodies == []


def test_every_language_has_a_comment_that_headers_are_told_by():
    """A view whose header no one knows would be compressed again."""
    assert {language.comment for language in LANGUAGES.values()} <= {f"{sign} " for sign in markers.COMMENT_SIGNS}


def test_a_marker_says_what_happens_in_a_body():
    """Calls, what is raised and what is returned are named where a body went."""
    made = view_of(python(), mode="compact", language="python")

    assert re.search(r"    # \[lines \d+-\d+ omitted; calls other_3, step_3; raises TooMuchError; returns total\]\n", made.text)
    assert '    """Do work 3.\n    [lines ' in made.text


def test_a_body_that_goes_whole_leaves_a_block():
    """A block of Python needs a statement, so that the marker stands behind three dots."""
    text = "".join(f"def work_{n}(a):\n" + f"    a = other_{n}(a, strict=True)\n" * 9 + "    return a\n\n\n" for n in range(9))
    made = view_of(text, mode="compact", language="python")

    assert "def work_3(a):\n    ...  # [lines 41-50 omitted; calls other_3; returns a]\n" in made.text
    assert not parse(made.text, LANGUAGES["python"]).root.has_error


def test_what_is_called_stays_before_what_is_not():
    """With room for some bodies, those stay that others call."""
    bodies = {n: "".join(f"    total_{n} = other_{n}(total_{n}, {k})\n" for k in range(30)) for n in range(12)}
    text = "".join(f"def work_{n}(total_{n}):\n{body}\n\n" for n, body in bodies.items()) + "print(work_7(1))\n" * 6
    made = view_of(text, language="python")

    assert bodies[7] in made.text
    assert bodies[3] not in made.text


def test_notes_to_whoever_works_on_it_stay():
    """TODO, FIXME and SAFETY are shown wherever they stand."""
    text = python().replace("        total += step_3(one)", "        # TODO: cap the total\n        total += step_3(one)")

    assert "        # TODO: cap the total" in view_of(text, mode="compact", language="python").text.split("\n")


def test_functions_in_functions_keep_their_names():
    """What a body declares is named, and its own body is cut."""
    inner = (
        "    def helper(one):\n"
        + "".join(f"        one = wrap_{n}(one, strict=True)\n" for n in range(9))
        + "        return one\n"
    )
    text = python(3) + "def outer(limit):\n" + "    start(limit)\n" * 9 + inner + "    return helper\n"
    lines = view_of(text, mode="compact", language="python").text.split("\n")

    assert "    def helper(one):" in lines
    assert "        one = wrap_3(one, strict=True)" not in lines


def test_long_literals_keep_their_ends():
    """Tables in code show their first rows and their last."""
    rows = "".join(f'    "name_{n}": ({n}, "state_{n % 7}"),\n' for n in range(90))
    text = f"import os\n\nTABLE = {{\n{rows}}}\n\n\n" + python(2)
    made = view_of(text, language="python")

    assert '"name_0"' in made.text
    assert '"name_89"' in made.text
    assert '"name_45"' not in made.text
    assert not parse(made.text, LANGUAGES["python"]).root.has_error


def test_broken_code_is_shown_as_far_as_it_parses():
    """Merge markers, a snippet without its beginning, a file that breaks off."""
    text = source("java")
    lines = text.split("\n")
    lines[40:40] = ["<<<<<<< HEAD", "int a = 1;", "=======", "int a = 2;", ">>>>>>> other"]

    made = [view_of(broken, language="java") for broken in ("\n".join(lines), text[300:], text[:-40], "\n".join(lines[30:]))]

    assert all(isinstance(one, (Compressed, Refused)) for one in made)
    assert sum(isinstance(one, Compressed) for one in made) > 1


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_no_text_makes_it_fail(text, hint):
    """Whatever the text, and whatever it is said to be, there is a view or a refusal."""
    assert isinstance(view_of(python(2) + text, language=hint), (Compressed, Refused))
    assert isinstance(view_of(text, language=hint), (Compressed, Refused))


def test_generated_code_on_one_line_passes_soon():
    """A minified file has no lines to leave out."""
    text = "".join(f"function f{n}(a){{return a+{n}}}" for n in range(16_000)) + "\n"
    start = time.perf_counter()
    made = view_of(text, language="javascript")

    assert isinstance(made, Refused)
    assert time.perf_counter() - start < 20


def test_views_are_the_same_from_every_thread():
    """Parsers belong to threads, and texts to nobody else."""
    texts = [source(name) for name in NAMES]
    expected = [view_of(text).text for text in texts]
    found = {}

    def run(number):
        found[number] = [view_of(text).text for text in texts]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[number] for number in range(4)] == [expected] * 4


def test_a_view_of_code_is_a_view():
    """Its header stands in a comment, and a view of it is itself."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("code", source("bash", 60))
    first, second = entry.compressed.split("\n")[:2]

    assert first == "#!/usr/bin/env bash"
    assert second.startswith("# [view of ")
    assert markers.is_view(entry.compressed)
    assert ctx.put("again", entry.compressed).compressed == entry.compressed
    assert entry.transforms[0].startswith("router:code:")


def test_code_that_will_be_edited_stays_whole():
    """`lossless` leaves nothing out."""
    text = python()

    assert isinstance(view_of(text, mode="lossless"), Refused)


def test_macros_that_hide_what_code_declares_are_passed_over():
    """Words in capitals open a namespace and say how functions are exported: a grammar cannot know that."""
    functions = "".join(
        f"SHOP_CONSTEXPR auto price_{n}(int count) noexcept -> int {{\n"
        + "".join(f"  count = shop::rounded_{n}(count, {k});\n" for k in range(6))
        + "  return count;\n}\n"
        for n in range(12)
    )
    text = f"#include <shop>\n\nSHOP_BEGIN_NAMESPACE\nSHOP_EXPORT_ALL\n\n{functions}\nSHOP_END_NAMESPACE\n"
    parsed = parse(text, LANGUAGES["cpp"])
    made = view_of(text, mode="compact", language="cpp")

    assert parsed.blanked
    assert not parsed.root.has_error
    assert len(made.text) < 0.5 * len(text)
    assert made.text.count("SHOP_CONSTEXPR auto price_") == 12
    assert parse(made.text, LANGUAGES["cpp"]).sound_as(parsed)


def test_a_list_of_steps_is_one_body_and_a_group_of_tests_is_many():
    """A test that is made of short callbacks goes as a whole; a group of tests keeps the head of each."""
    step = "    router.get('/foo', function (req, res, next) {\n      req.counter++\n      next()\n    })\n\n"
    tests = "".join(f"  it('works {n}', function (done) {{\n{step * 7}  }})\n\n" for n in range(4))
    made = view_of(f"describe('Router', function () {{\n{tests}}})\n", mode="compact", language="javascript")

    assert [line for line in made.text.split("\n") if "it('works" in line] == [
        f"  it('works {n}', function (done) {{" for n in range(4)
    ]
    assert "req.counter++" not in made.text


def test_a_marker_names_the_calls_that_tell_most():
    """What the file itself declares goes before what it calls everywhere."""
    common = "".join(f"    len(total, {k})\n" for k in range(8))
    text = "".join(
        f"def work_{n}(total):\n{common}    rare_{n}(total)\n    work_{(n + 1) % 9}(total)\n    return total\n\n\n"
        for n in range(9)
    )

    assert "calls rare_3, work_4; returns total]" in view_of(text, mode="compact", language="python").text


def test_php_begins_before_its_header():
    """What stands before `<?php` is printed: the header stands behind it."""
    made = view_of(source("php"), language="php")

    assert made.text.startswith(f"<?php\n// [view of {HANDLE}; ")
    assert markers.is_view(made.text)
    assert markers.is_view(f"#!/usr/bin/env php\n{made.text}")


def test_a_ceiling_leaves_what_a_reader_misses_most():
    """Imports go first, then what is private, then functions; the names of types last."""
    imports = "".join(f"import shop.parts.number_{n}\n" for n in range(20))
    arguments = ", ".join(f"argument_{n}: int = {n}" for n in range(12))
    body = "        return self.door.turn(key)\n"
    classes = "".join(
        f"class Shop{n}:\n    def open(self, {arguments}):\n{body}\n    def _count(self, {arguments}):\n{body}\n\n"
        for n in range(4)
    )
    text = f"{imports}\n\n{classes}"
    tokens = len(text) // 4

    def shown(share):
        return view_of(text, language="python", original_tokens=tokens, target_tokens=int(share * tokens)).text

    assert all(shown(share).count("import shop") < 20 for share in (0.9, 0.6, 0.2))
    assert [shown(share).count("def open") for share in (0.9, 0.6, 0.2)] == [4, 4, 0]
    assert 4 > shown(0.6).count("def _count") > shown(0.2).count("def _count") == 0
    assert shown(0.2).count("class Shop") == 4
    assert "    ...  # [lines 24-28 omitted; declares open, _count]" in shown(0.2)


def test_what_is_no_longer_than_its_marker_stays():
    """A short statement between two functions in a body, or a remark of one line, costs less than to say that it went."""
    inner = "".join(
        f"    def helper_{n}(one):\n" + f"        one = wrap_{n}(one, strict=True)\n" * 6 + "        return one\n\n    x = 1\n"
        for n in range(4)
    )
    made = view_of(f"def outer(limit):\n{inner}    return helper_1\n", mode="compact", language="python")

    assert made.text.count("    x = 1\n") == 4


def test_a_wrong_hint_holds_where_nothing_fits_better():
    """Text that parses as nothing is not taken for the language that takes nearly any text."""
    noise = "".join(f"<{n}> ?? !! unlikely ( to [ parse {n} }} as -> anything ;; at all\n" for n in range(40))

    assert parse_best(noise, None) is None
    assert parse_best(noise, "cpp").language.name == "cpp"


@pytest.mark.parametrize("name", ["python", "cpp", "bash", "scala"])
def test_a_megabyte_takes_less_than_a_second(name):
    """On one core, parsing twice included."""
    text = source(name, 24)
    text = source(name, 24 * 1_000_000 // len(text) + 1)
    times = []
    for _ in range(3):
        start = time.process_time()
        made = view_of(text, language=name)
        times.append(time.process_time() - start)

    assert isinstance(made, Compressed)
    assert min(times) < len(text) / 1_000_000


def test_one_cut_that_does_not_parse_costs_that_cut_alone():
    """A grammar that cannot read a cut of one body does not keep the others from going."""
    function = (
        "  fun load{n}(id: Int): Int {{\n    val r = c.get(id)\n    val q = c.put(r)\n    if (r > 3) {{\n"
        '      throw IllegalStateException("too many")\n    }}\n    c.log("done with all of it, at last")\n    return r + q\n  }}\n\n'
    )
    unread = (
        "  private fun insets(): RectF? =\n      c.insets?.resolve(direction, context)?.let {\n"
        "        RectF(it.left.px(), it.top.px(), it.right.px(), it.bottom.px())\n      }\n\n"
    )
    text = f"package a\n\nclass M(private val c: C) {{\n{''.join(function.format(n=n) for n in range(8))}{unread}}}\n"
    made = view_of(text, mode="compact", language="kotlin")

    assert not parse(made.text, LANGUAGES["kotlin"]).root.has_error
    assert len(made.text) < 0.7 * len(text)
    assert unread in made.text


def test_a_mark_of_the_byte_order_stays_the_first():
    """A header before it would make a view that no interpreter takes."""
    made = view_of("\ufeff" + python(), language="python")

    assert made.text.startswith("\ufeff# [view of ")
    assert markers.is_view(made.text)
    compile(made.text.encode(), "view", "exec")


def test_a_marker_tells_of_a_generator():
    """Whoever calls it must know how to."""
    text = "import os\n\n\n" + "".join(
        f"async def fetch_{n}(urls):\n    session = await start()\n    for url in urls:\n        response = await session.get(url, timeout=30)\n"
        "        yield url, await response.read()\n\n\n"
        for n in range(6)
    )

    assert "calls start, get, read; yields]" in view_of(text, mode="compact", language="python").text


def test_what_the_preprocessor_decides_is_passed_over():
    """Two ways of which only one is code at a time."""
    function = (
        "static int parse_{n}(const char *s, int n)\n{{\n    int r = 0;\n#ifdef DEBUG\n    if (r > 3) {{\n        log(s, r);\n#else\n"
        "    if (r > 4) {{\n#endif\n        return -1;\n    }}\n    return most(r, n, 3) + most(n, r, 4) + most(r, r, 5);\n}}\n\n"
    )
    text = "#include <stdio.h>\n#define MOST(a, b) ((a) > (b) ? (a) : (b))\n\n" + "".join(
        function.format(n=n) for n in range(9)
    )
    made = view_of(text, mode="compact", language="c")

    assert len(made.text) < 0.7 * len(text)
    assert made.text.count("static int parse_") == 9


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_under_a_ceiling_a_header_is_looked_into(language):
    """A guard around all of it, and what says that it is C, hide nothing."""
    prototypes = "".join(f"/* Number {n}. */\nint shop_price_{n}(const char *name, int count);\n\n" for n in range(40))
    text = (
        '#ifndef SHOP_H\n#define SHOP_H\n\n#ifdef __cplusplus\nextern "C" {\n#endif\n\n'
        f"{prototypes}\n#ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    )
    tokens = len(text) // 4
    half, least = (
        view_of(text, language=language, original_tokens=tokens, target_tokens=int(share * tokens)).text for share in (0.5, 0.1)
    )

    assert 10 < half.count("int shop_price_") < 40
    assert "declares shop_price_" in least


def test_a_block_of_statements_goes_whole_or_stays():
    """What stands in an `if` of a file is not taken out of it: without it the block would be empty."""
    text = (
        "import sys\n\n\nif sys.platform == 'win32':\n\n"
        + "".join(
            f"    def helper_{n}(a, b):\n        x = load(a, b, strict=True)\n        return save(x, b, strict=True)\n\n"
            for n in range(6)
        )
        + "else:\n"
        + "".join(f"    def helper_{n}(a, b):\n        raise NotImplementedError\n\n" for n in range(6))
    )
    tokens = len(text) // 4
    for share in (0.8, 0.5, 0.3, 0.1):
        made = view_of(text, language="python", original_tokens=tokens, target_tokens=int(share * tokens))

        compile(made.text, "view", "exec")


def test_what_is_private_goes_before_what_is_not():
    """Also what stands in a class that is no part of an interface, however often it is called."""
    text = "".join(
        f"class {name}:\n"
        + "".join(
            f"    def step_{n}(self, first, second, third):\n        return self.run(first, second, third, strict={n})\n\n"
            for n in range(9)
        )
        for name in ("_Waiter", "Future")
    ) + "".join(f"_Waiter().step_{n}(1, 2, 3)\n" for n in range(9))
    tokens = len(text) // 4
    made = view_of(text, language="python", original_tokens=tokens, target_tokens=int(0.45 * tokens))

    assert made.text.count("def step_") > 3
    assert "class _Waiter" not in made.text
    assert "class Future" in made.text


def test_names_in_markers_are_short_and_on_one_line():
    """What a grammar calls a name may hold arguments over several lines."""
    types = "".join(
        f"template <typename T>\nstruct tag_of_{n}<T, when<\n    std::is_same<\n        typename sequence_tag<T>::type, list<T>>::value\n>> {{\n"
        "    using type = ext::list_tag;\n    static int number(int count);\n};\n\n"
        for n in range(12)
    )
    text = f"namespace hana {{\n{types}}}\n"
    tokens = len(text) // 4
    made = view_of(text, language="cpp", original_tokens=tokens, target_tokens=int(0.5 * tokens))
    lines = set(text.split("\n"))

    assert "declares tag_of_" in made.text
    assert [line for line in made.text.split("\n") if line not in lines and not line.strip().startswith("// [")] == []


def test_code_that_stays_whole_is_not_shown_as_something_else():
    """That no body of it is long enough does not make it a log."""
    text = "".join(f"#define PART_{n}(a, b) \\\n    JOIN(a, b, {n}) \\\n    /**/\n" for n in range(200))
    entry = SharedContext(model="gpt-4o").put("file", f"#include <join.h>\n{text}")

    assert entry.compressed == entry.original or entry.transforms[0].startswith("router:code")


def test_a_language_says_that_it_is_code():
    """Whoever names one need not say so again; a name that is no language of code says nothing."""
    context = SharedContext(model="gpt-4o")
    words = '"""' + "It is said here at length what all of this is for, and why it is so. " * 60 + '"""\n'

    assert context.put("a", words + python(), language="py").transforms[0].startswith("router:code")
    assert context.put("b", "Nur ein paar Worte. " * 200, language="german").compressed == "Nur ein paar Worte. " * 200


def test_a_component_of_a_page_keeps_its_script():
    """In a single-file component the script is what it is about: it passes."""
    function = "function big(a) {\n  const x = 1;\n  return go(x, a);\n}\n\n"
    text = f"<script>\n  export let name;\n{function * 30}</script>\n\n<main>\n  <h1>Hello {{name}}!</h1>\n</main>\n"

    assert SharedContext(model="gpt-4o").put("file", text).compressed == text


def test_code_behind_a_comment_on_its_last_line_stays():
    """As compilers write it."""
    comment = "/**\n * Schedules it.\n" + " * It is said here at length how, and why.\n" * 9 + " */ "
    functions = "".join(
        f"{comment}export async function schedule{n}(request) {{\n" + "    request = await other(request);\n" * 6 + "}\n"
        for n in range(6)
    )
    made = view_of(functions, mode="compact", language="javascript")

    assert [line for line in functions.split("\n") if "export async" in line and line not in made.text] == []
    assert "at length" not in made.text.replace("at length how, and why.\n */ export", "")
    assert not parse(made.text, LANGUAGES["javascript"]).root.has_error


@pytest.mark.parametrize("form", ["{:6d}\t{}", "{:6d}→{}", "{}: {}", "{}|{}"])
def test_listings_with_numbers_are_read_as_the_code_they_are(form):
    """As tools that read files return it: what is shown has its numbers, and functions are found by name."""
    code = python()
    text = "".join(f"{form.format(number, line)}\n" for number, line in enumerate(code.split("\n")[:-1], 1))
    context = SharedContext(model="gpt-4o")
    entry = context.put("file", text)
    lines = set(text.split("\n"))

    assert entry.transforms[0].startswith("router:code")
    assert entry.compressed_tokens < 0.7 * entry.original_tokens
    assert form.format(22, "@cached") in entry.compressed
    assert form.format(8, '    """Do work 0.') in entry.compressed
    assert [
        line
        for line in entry.compressed.split("\n")
        if line not in lines and not any(one in line for one in (" omitted", "[view"))
    ] == []
    assert [context.read(span.reference) for span in entry.omitted] == [text[span.start : span.end] for span in entry.omitted]
    assert context.read("file", symbol="work_1").startswith(form.format(22, "@cached"))


def test_numbers_that_do_not_go_on_are_no_listing():
    """Only lines with each the next number are taken for one."""
    assert unnumbered("1: a\n2: b\n3: c\n4: d\n") == "a\nb\nc\nd\n"
    assert unnumbered("7: a\n8: b\n9: c\n10: d") == "a\nb\nc\nd"
    for text in ("1: a\n2: b\n4: c\n5: d\n", "1: a\nb\n3: c\n4: d\n", "1: a\n2: b\n", ""):
        assert unnumbered(text) is None
