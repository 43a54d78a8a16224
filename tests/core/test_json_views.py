"""What holds for every view of JSON that leaves something out, whatever the document."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core import SharedContext, compress, markers
from headroom_core.content import utf8_bytes
from headroom_core.payload import Mode
from headroom_core.selection import find
from tests.core import strategies as own
from tests.core.json_decoder import exact

modes: st.SearchStrategy[Mode] = st.sampled_from(("balanced", "compact"))
targets = st.sampled_from((None, None, 400, 100, 1))
anything = st.one_of(
    own.long_documents(), own.long_documents(), own.documents.map(lambda one: [one] * 3 + [one, {"n": one}] * 9)
)
real_files = pytest.mark.parametrize("path", own.data_files(), ids=lambda path: path.name)


def spans_hold(text, made):
    """Check that spans are ordered, disjoint and in range, and that each reference selects its span."""
    end = 0
    for span in own.spans_of(made):
        parsed = markers.parse_reference(span.reference)

        assert end <= span.start < span.end <= len(text), span
        assert parsed is not None, span
        assert parsed[0] == own.handle_of(text)
        assert find(text, parsed[1]) == (span.start, span.end), span
        end = span.end


def markers_redeem(text, made):
    """Check that each range that a marker of the view names is a part of the original that is listed as omitted."""
    spans = [(span.start, span.end) for span in own.spans_of(made)]
    for part in own.ranges_in(made.text):
        found = find(text, part)

        assert found is not None, part
        assert any(start <= found[0] and found[1] <= end for start, end in spans), (part, found)


def nothing_is_missing(text, made):
    """Check that each word of the original stands in the view or in an omitted span."""
    left, start = [], 0
    for span in own.spans_of(made):
        left.append(text[start : span.start])
        start = span.end
    left.append(text[start:])
    missing = own.words(" ".join(left)) - own.words(made.text)

    assert not missing, sorted(missing)[:9]


def nothing_is_invented(text, made):
    """Check that each word and number among the rows of a text view is one of the original's."""
    known = set().union(*map(own.words, own.leaves(exact(text))))
    invented = own.words(own.without_markers(made.text)) - known - {"table", "list", "key", "value"}
    places = {f"{number}" for number in range(65)}

    assert not {word for word in invented if word not in places or len(word) > 80}, sorted(invented)[:9]


class TestAnyDocument:
    """Properties of balanced and compact views."""

    @settings(max_examples=25)
    @given(anything, own.styles, modes, targets)
    def test_each_reference_redeems_to_exactly_its_span(self, document, style, mode, target):
        """Spans are ordered, disjoint and in range; the reference of each selects that part of the original and no other."""
        text = own.spell(document, style)
        for form in ("text", "json"):
            spans_hold(text, own.crush(text, mode=mode, target=target, format=form))

    @settings(max_examples=50)
    @given(own.long_documents(), own.styles, modes, targets)
    def test_each_marker_redeems(self, document, style, mode, target):
        """A range that stands in a marker is a part of the original, and is listed among the omitted ones."""
        text = own.spell(document, style)
        for form in ("text", "json"):
            markers_redeem(text, own.crush(text, mode=mode, target=target, format=form))

    @settings(max_examples=50)
    @given(own.long_documents(), modes, targets)
    def test_what_is_not_shown_is_listed_as_omitted(self, document, mode, target):
        """Every word of the original stands in the view or in an omitted span: nothing goes silently."""
        text = own.spell(document)
        for form in ("text", "json"):
            nothing_is_missing(text, own.crush(text, mode=mode, target=target, format=form))

    @settings(max_examples=50)
    @given(own.long_documents(), own.styles, modes, targets)
    def test_rows_show_no_word_or_number_that_the_original_has_not(self, document, style, mode, target):
        """Numbers, identifiers and words of cells are spelled as in the original, never rounded, joined or cut."""
        text = own.spell(document, style)

        nothing_is_invented(text, own.crush(text, mode=mode, target=target))

    @settings(max_examples=30)
    @given(own.long_documents(), own.styles, modes, targets)
    def test_without_a_handle_no_reference_is_named(self, document, style, mode, target):
        """A view for a reader that cannot redeem references holds no handle, and its spans none either."""
        text = own.spell(document, style)
        for form in ("text", "json"):
            made = own.crush(text, mode=mode, target=target, format=form, references=False)

            assert own.handle_of(text) not in made.text
            assert "by handle" not in made.text
            assert all(span.reference is None for span in own.spans_of(made))

    @settings(max_examples=20)
    @given(anything, own.styles, modes, targets)
    def test_the_same_payload_gives_the_same_view(self, document, style, mode, target):
        """Views and spans are a function of payload and request."""
        text = own.spell(document, style)
        first, second = (own.crush(text, mode=mode, target=target) for _ in range(2))

        assert first.text == second.text
        assert own.spans_of(first) == own.spans_of(second)

    @settings(max_examples=25)
    @given(anything, own.styles, modes, targets)
    def test_a_json_view_is_a_part_of_the_document(self, document, style, mode, target):
        """It parses, and holds members and items of the original in their order, and markers, and nothing else."""
        text = own.spell(document, style)
        made = own.crush(text, mode=mode, target=target, format="json")
        whole = exact(text)

        assert own.is_part_of(own.json_view_body(made.text), whole), made.text[:2_000]

    @settings(max_examples=25)
    @given(st.one_of(own.long_documents(), anything), own.styles, st.sampled_from(("lossless", "balanced", "compact")))
    def test_a_view_is_never_worse_and_a_view_of_it_is_itself(self, document, style, mode):
        """No view has more tokens or bytes than its original, and compressing a view changes nothing."""
        text = own.spell(document, style)
        for form in ("text", "json"):
            view = compress(text, "gpt-4o", mode=mode, format=form)
            again = compress(view.text, "gpt-4o", mode=mode, format=form)

            assert view.tokens <= compress(text, "gpt-4o", kind="text").tokens
            assert utf8_bytes(view.text) <= utf8_bytes(text)
            if view.text != text:
                assert again.text == view.text


class TestRealFiles:
    """The same on what services and registries really publish."""

    @real_files
    @pytest.mark.parametrize("mode", ["balanced", "compact"])
    def test_views_hold_to_the_promises(self, path, mode):
        """References and markers redeem, nothing is invented, JSON views parse to a part of the document."""
        text = path.read_text(encoding="utf-8")
        for target, form in ((None, "text"), (300, "json")):
            spans_hold(text, own.crush(text, mode=mode, target=target, format=form))
            made = own.crush(text, mode=mode, format="json")

        assert own.is_part_of(own.json_view_body(made.text), exact(text))

    @real_files
    def test_a_context_keeps_and_redeems_all_of_it(self, path):
        """The original comes back exactly, the view saves tokens, every span is read back, and putting the view keeps it."""
        text = path.read_text(encoding="utf-8")
        context = SharedContext("gpt-4o")
        entry = context.put("file", text)

        assert context.get("file", full=True) == text
        assert 10 < entry.savings_percent < 99
        assert all(context.read(span.reference) == text[span.start : span.end] for span in entry.omitted)
        assert context.put("relay", entry.compressed).compressed == entry.compressed


def test_a_view_in_json_always_parses_also_where_names_look_like_markers():
    """Headers and markers take no name that the document has, and shadow nothing."""
    document = {"view": [{"[rows 1-2 omitted]": row, "view": "x" * (row % 50)} for row in range(400)], "view_": "y" * 3_000}
    made = own.crush(json.dumps(document), format="json")
    names = [name for name, _ in exact(made.text)[1]]

    assert names[0] == "view__"
    assert len(names) == len(set(names))
