"""Views of HTML."""

import json
import re
import time
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.html import HtmlCompressor
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter

HANDLE = "482913207615"
SENTENCES = [
    f"In paragraph {n} the harbour master said that ship {n * 7} would wait for the tide, and nobody was surprised."
    for n in range(30)
]
MENU = "".join(f'<li><a href="/section/{n}">Section number {n}</a></li>' for n in range(40))
PAGE = f"""<!DOCTYPE html>
<html><head><title>The tide &amp; the harbour</title>
<style>.a > .b {{ color: red }}</style>
<script>if (a < b) {{ track("visit"); }}</script></head>
<body class="page"><nav><ul>{MENU}</ul></nav>
<div class="cookie-banner"><p>We use cookies.</p><button>Accept</button></div>
<article><h1>Ships wait for the tide</h1>
<p class="byline">By <a href="/people/ada">Ada N.</a>, 3 November 2026</p>
{"".join(f"<p>{one}</p>" for one in SENTENCES[:12])}
<h2>What was <em>seen</em></h2>
<ul><li>Two <b>tug</b>boats</li><li>One ferry, the <a href="https://example.org/ferry?id=9">Blue&nbsp;Line</a></li></ul>
<table><tr><th>Ship</th><th>Hours</th></tr><tr><td>Ida</td><td>12</td></tr><tr><td>Odin</td><td>7</td></tr></table>
<pre>tide(1)
  high 04:12</pre>
{"".join(f"<p>{one}</p>" for one in SENTENCES[12:])}
</article>
<aside class="related"><ul>{MENU}</ul></aside>
<footer><p>All rights reserved.</p></footer></body></html>
"""


def view_of(text, **options):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return HtmlCompressor().compress(text, Request(**{**asked, **options}))


def lines_of(text, **options):
    """Return the lines of a view."""
    return view_of(text, **options).text.split("\n")


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor of HTML."""
        return HtmlCompressor()

    def payloads(self):
        """Return a page, and a page without its head."""
        return [PAGE, PAGE.partition("</head>")[2]]

    def foreign_payloads(self):
        """Return code, formulas and prose."""
        return [
            "import React from 'react';\nexport const A = () => <div className={x}><p>{a}</p><p>{b}</p></div>;\n" * 9,
            "if a < b and b > c: print('<p>')\n" * 30,
            "Plain words, and nothing else in them.\n" * 30,
        ]


def test_content_is_shown_as_markdown():
    """Headings, paragraphs, lists, tables, links and listings of an article are there, in order."""
    lines = lines_of(PAGE)

    for line in (
        "# Ships wait for the tide",
        "By [Ada N.](/people/ada), 3 November 2026",
        *SENTENCES,
        "## What was seen",
        "- Two tugboats",
        "- One ferry, the [Blue Line](https://example.org/ferry?id=9)",
        "Ship | Hours",
        "Odin | 7",
    ):
        assert line in lines
    assert "```\ntide(1)\n  high 04:12\n```" in view_of(PAGE).text


def test_what_stands_around_it_is_announced():
    """Menus, scripts, banners and footers go, each with a marker that says how many words there were."""
    made = view_of(PAGE)

    for gone in ("Section number 7", "track(", "color: red", "All rights"):
        assert gone not in made.text
    hidden = "".join(PAGE[span.start : span.end] for span in made.omitted)
    for gone in ("Section number 7", "track(", "color: red", "All rights"):
        assert gone in hidden
    assert re.search(r"\[chars \d+-\d+ omitted; \d+ words\]", made.text)


def test_the_title_is_always_shown():
    """Whatever a page is, its title says."""
    assert "The tide & the harbour" in lines_of(PAGE)
    assert "The tide & the harbour" in view_of(PAGE, target_tokens=20).text


def test_a_page_without_an_article_shows_its_texts():
    """A list of results has no long texts, and is not empty."""
    rows = "".join(f"<div class='row'><span>Result {n}</span> <span>{n * 3} items</span></div>" for n in range(40))
    text = view_of(f"<html><head><script>{'x();' * 400}</script></head><body>{rows}</body></html>").text

    assert "Result 0 3 items".replace("3", "0") in text
    assert "Result 39 117 items" in text


def test_a_table_alone_keeps_its_rows():
    """Cells of a row stand on one line."""
    rows = "".join(f"<tr><td>name {n}</td><td>{n}</td></tr>" for n in range(30))

    assert "name 7 | 7" in lines_of(f"<table border=1>{rows}</table>")


def test_with_little_room_errors_come_before_texts():
    """Under a ceiling title and errors are shown first."""
    page = PAGE.replace(f"<p>{SENTENCES[20]}</p>", "<p>Fatal error: the gate did not open at 04:12.</p>")
    text = view_of(page, target_tokens=60).text

    assert "Fatal error: the gate did not open at 04:12." in text
    assert SENTENCES[5] not in text


def test_nothing_is_left_out_in_lossless():
    """Markup is not written shorter without loss."""
    assert isinstance(view_of(PAGE, mode="lossless"), Refused)


def test_entities_are_decoded_and_words_neither_joined_nor_split():
    """Inline tags stand in words; blocks divide them."""
    text = view_of("<div><p>caf&eacute; re<b>mem</b>ber</p><p>next&lt;one</p><p>a<br>b</p></div>").text

    for word in ("café remember", "next<one", "\na\nb"):
        assert word in text


def test_a_context_reads_what_was_left_out():
    """Every omission of a stored page is redeemed exactly."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("page", PAGE)

    assert entry.transforms[0].startswith("router:html:")
    assert entry.omitted
    for span in entry.omitted:
        assert ctx.read(span.reference, max_tokens=10**6) == PAGE[span.start : span.end]


TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<li>", "<td>", "</a>", "<br>", "<!--c-->", "<script>", "</script>", "<pre>", "</pre>", "<h2>"),
        *("</h2>", "<", ">", "&amp;", "&bad", "<!--", "<![CDATA[", "</", "<div class='nav'>", "</div>", "<a href='/x'>"),
        *("<img alt='pic'>", '<a href="', "<x y='>'>"),
    ]
)
WORDS = st.sampled_from(
    ["one", "two three four five six seven eight nine ten eleven twelve", "é\u0301", "3 < 4", "\n", "a_b"]
).map(
    lambda words: f" {words} "  # inline tags join words, and so would the test
)


@given(pieces=st.lists(TAGS | WORDS, max_size=60), mode=st.sampled_from(["balanced", "compact"]))
def test_every_word_of_a_view_stands_in_the_page(pieces, mode):
    """Nothing is invented, however broken the page, and each reference reads its exact part."""
    page = "<div><p>start</p><p>again</p>" + "".join(pieces)
    made = view_of(page, mode=mode)
    if isinstance(made, Compressed):
        said = re.sub(r"\[chars \d+-\d+ omitted(?:; \d+ words)?\]", " ", made.text.partition("\n")[2])
        plain = unescape(page)
        for word in re.findall(r"\w+", said):
            assert word in plain
        end = 0
        for span in made.omitted:
            _, part = markers.parse_reference(span.reference)
            assert find(page, part) == (span.start, span.end)
            assert span.start >= end
            end = span.end


@given(text=st.text(max_size=200))
def test_any_text_in_a_paragraph_comes_back(text):
    """Whatever the words, they are those of the page, but for the space between them."""
    said = " ".join(text.split())
    made = view_of(f"<div><p>{escape(text)}</p><p>end</p></div>")

    assert isinstance(made, Compressed)
    assert " ".join(unescape(said).split()).strip(" |") in " ".join(made.text.split())


@pytest.mark.parametrize(
    "hostile",
    [
        "<",
        "<a ",
        "<div>",
        "</div>",
        "<!--",
        "<script>",
        '<a href="',
        "<p>x",
        "<li><a>",
        "&",
        "<![CDATA[",
        "<td>a",
        "<svg>",
        "<a b='>",
    ],
)
def test_time_grows_with_the_page(hostile):
    """Whatever is opened and never closed, twice the page takes about twice the time."""

    def seconds(page):
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            view_of(page)
            best = min(best, time.perf_counter() - start)
        return best

    page = "<p>one</p><p>two</p>" + hostile * 15_000
    assert seconds(page + hostile * 15_000) < 3.5 * seconds(page) + 0.05


def test_a_receiver_that_parses_gets_json():
    """With format json the view is a list of its header and its body."""
    assert json.loads(view_of(PAGE, format="json").text)[1].startswith("The tide & the harbour")


def page(body):
    """Return a page, and what a context shows of it."""
    text = f"<!DOCTYPE html>\n<html><head><title>T</title></head><body><nav><ul>{MENU}</ul></nav>{body}</body></html>"
    return SharedContext(model="gpt-4o").put("page", text).compressed.split("\n")


PARAGRAPHS = "".join(f"<p>{one}</p>" for one in SENTENCES[:6])


def test_short_lines_of_the_main_element_are_content():
    """Steps, terms and listings stand in what a page itself calls its content, whatever is around them."""
    steps = "".join(f"<li>Step {n}</li>" for n in range(10))
    listing = (
        "<p>Call <code>foo(x, y=1)</code> with care.</p><pre>def foo(x):\n  return x</pre><dl><dt>x</dt><dd>a value</dd></dl>"
    )
    lines = page(f"<main><h1>Steps</h1><ol>{steps}</ol>{PARAGRAPHS}<h2>API</h2>{listing}<h2>More</h2>{PARAGRAPHS}</main>")

    assert [f"- Step {n}" for n in range(10) if f"- Step {n}" not in lines] == []
    for line in ("Call foo(x, y=1) with care.", "def foo(x):", "x", "a value"):
        assert line in lines


def test_notes_to_the_reader_are_content():
    """What a page sets apart because it matters is not what stands around its content."""
    lines = page(f"<main><h1>Use</h1>{PARAGRAPHS}<aside class='note'><p>Deprecated since 3.1.</p></aside>{PARAGRAPHS}</main>")

    assert "Deprecated since 3.1." in lines


def test_a_link_around_a_heading_is_written():
    """Results of searches are headings in links, and their addresses are what a reader follows."""
    results = "".join(
        f"<a href='https://example.org/{n}'><h3>Result {n}</h3></a><p>{one}</p>" for n, one in enumerate(SENTENCES[:8])
    )
    lines = page(f"<div>{results}</div>")

    assert [n for n in range(8) if f"### [Result {n}](https://example.org/{n})" not in lines] == []


def test_elements_side_by_side_are_not_glued():
    """No word is made of two."""
    lines = page(f"<main>{PARAGRAPHS}<div><span>$19.99</span><span>Only 3 left</span></div>{PARAGRAPHS}</main>")

    assert "$19.99 Only 3 left" in lines
