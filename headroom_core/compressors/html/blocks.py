"""The blocks of an HTML document: paragraphs, headings, items, rows of tables, with what tells content from the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from headroom_core.compressors.html.tags import Token, attributes, tokens

# fmt: off
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5",
        "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
        "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
    }
)
# fmt: on
"""Elements that end a line of text."""

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
CHROME = frozenset({"nav", "footer", "aside", "button", "menu", "dialog", "head"})
"""Elements that stand around the content of a page."""

CONTENT = frozenset({"article", "main"})
BESIDE = frozenset({"a", "button", "label", "span"})
"""Elements that stand apart on a page though nothing stands between them in its text."""

_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|side-?bar|foot(?:er)?|breadcrumbs?|share|sharing|social|cookies?|consent|banner|advert\w*|ads?"
    r"|promo\w*|sponsor\w*|related|recommend\w*|widgets?|pop-?up|modal|newsletter|subscri\w*|sign-?up|log-?in|masthead|toolbar|pagination"
    r"|tags?|meta-?nav|skip|outbrain|taboola|most-?(?:read|popular))(?:$|[\s_-])",
    re.IGNORECASE,
)
_CONTENT_NAME = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|content|main|body|text|byline|author|date(?:line)?|headline|summary|lead)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"(?:^|[\s_-])(?:admonition|alert|attention|callout|caution|danger|hint|important|note|tip|warning)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of notes to the reader, which are content wherever they stand."""

_SPACE = re.compile(r"\s+")
_HEADING = re.compile(r"h([1-6])$")

MAX_DEPTH = 400
"""Open elements that are kept track of; hostile pages nest deeper."""


@dataclass(slots=True)
class Block:
    """
    A line of readable text.

    Attributes:
        start: Where its text starts in the document.
        end: Where it ends.
        text: The text as Markdown.
        tag: The element that it is the text of.
        words: Its words.
        linked: Its words that stand in links.
        chrome: Whether something around it is named as what stands around content.
        content: Whether something around it is named as content.
        main: Whether an element that holds the content of a page is around it.

    """

    start: int
    end: int
    text: str
    tag: str
    words: int
    linked: int
    chrome: bool
    content: bool
    main: bool


@dataclass(slots=True)
class Page:
    """The blocks of a document, in order, and the elements between them that are skipped."""

    blocks: list[Block]
    skipped: list[Token]
    tags: int


def read_page(text: str) -> Page:
    """Return the blocks of a document."""
    reader = _Reader(text)
    for token in tokens(text):
        if not token.name:
            reader.text(token)
        elif token.skipped:
            if token.end - token.start > len(token.name) + 3:
                reader.page.skipped.append(token)
        else:
            reader.tag(token)
    reader.flush()
    return reader.page


class _Reader:
    """Collects the texts between the tags of blocks."""

    def __init__(self, source: str) -> None:
        self.page = Page([], [], 0)
        self._source = source
        self._open: list[tuple[str, int]] = []  # name, and whether it is named as content (1), as chrome (-1), or neither
        self._flags: list[int] = []
        self._pre = 0
        self._link: str | None = None
        self._link_start = 0
        self._main = 0  # open elements that hold the content of a page
        self._behind = -1  # where the element closed that a space may have to follow
        self._clear()

    def _clear(self) -> None:
        self._pieces: list[str] = []
        self._start = self._end = -1
        self._words = self._linked = 0
        self._tag = ""

    def text(self, token: Token) -> None:
        """Take a text between tags."""
        raw = self._source[token.start : token.end]
        if not raw or raw.isspace():
            if self._pieces and not self._pieces[-1].endswith((" ", "\n")):
                self._pieces.append(" ")
            return
        said = unescape(raw) if "&" in raw else raw
        if self._start < 0:
            self._start = token.start + len(raw) - len(raw.lstrip())
            self._tag = next((name for name, *_ in reversed(self._open) if name in BLOCKS), "")
        self._end = token.start + len(raw.rstrip())
        if not self._pre:
            said = _SPACE.sub(" ", said)
        self._pieces.append(said)
        count = len(said.split())
        self._words += count
        if self._link is not None:
            self._linked += count

    def tag(self, token: Token) -> None:
        """Take a tag."""
        self.page.tags += 1
        name = token.name
        if name in BLOCKS:
            self.flush()
        elif name in BESIDE and self._behind == token.start and not token.closing and not self._pre and self._pieces:
            self._pieces.append(" ")
        elif name in ("td", "th") and not token.closing and any(not piece.isspace() for piece in self._pieces):
            self._pieces.append(" | ")
        self._behind = token.end if token.closing and name in BESIDE else -1
        if name == "a":
            self._anchor(token)
        elif name == "img" and self._pieces:
            alt = _SPACE.sub(" ", unescape(attributes(self._source, token).get("alt", ""))).strip()
            if alt:
                self._pieces.append(f"![{alt}]")
        if name in VOID:
            return
        if token.closing:
            self._close(name)
        elif len(self._open) < MAX_DEPTH:
            self._push(token)

    def flush(self) -> None:
        """End the block at hand."""
        if self._link is not None:
            self._link_text(self._link)
        text = "".join(self._pieces)
        text = text.strip("\n").rstrip() if self._pre else text.strip(" |")
        if text and self._start >= 0:
            chrome = self._around(-1)
            block = Block(
                start=self._start,
                end=self._end,
                text=text,
                tag=self._tag,
                words=self._words,
                linked=self._linked,
                chrome=chrome,
                content=self._around(1),
                main=bool(self._main) and not chrome,
            )
            self.page.blocks.append(block)
        self._clear()
        if self._link is not None:
            self._link_start = 0

    def _anchor(self, token: Token) -> None:
        if token.closing:
            if self._link:
                self._link_text(self._link)
            self._link = None
        else:
            href = attributes(self._source, token).get("href", "")
            self._link = "" if href.startswith(("#", "javascript:")) or any(c in href for c in " ()") else unescape(href)
            self._link_start = len(self._pieces)

    def _link_text(self, link: str) -> None:
        """Write what stands in the open link, so far, as a link."""
        said = "".join(self._pieces[self._link_start :])
        if link and said.strip():
            inner = said.strip()
            before = said[: len(said) - len(said.lstrip())]
            after = said[len(said.rstrip()) :]
            self._pieces[self._link_start :] = [f"{before}[{inner}]({link}){after}"]

    def _around(self, flag: int) -> bool:
        """Tell what the innermost element that is named as either says."""
        return bool(self._flags) and self._flags[-1] == flag

    def _push(self, token: Token) -> None:
        flag = -1 if token.name in CHROME else 1 if token.name in CONTENT else 0
        if not flag and token.name in BLOCKS and token.end - token.start > len(token.name) + 4:
            named = attributes(self._source, token)
            said = f"{named.get('class', '')} {named.get('id', '')} {named.get('role', '')}"
            if said != "  " and token.name not in ("html", "body"):
                flag = bool(_CONTENT_NAME.search(said)) - bool(_CHROME_NAME.search(said))
        elif flag < 0 and token.name == "aside":
            named = attributes(self._source, token)
            flag = 0 if _ADVICE.search(f"{named.get('class', '')} {named.get('role', '')}") else flag
        self._open.append((token.name, flag))
        if flag:
            self._flags.append(flag)
        self._pre += token.name == "pre"
        self._main += token.name in CONTENT

    def _close(self, name: str) -> None:
        for back in range(1, min(len(self._open), 60) + 1):
            if self._open[-back][0] == name:
                for closed, flag in self._open[-back:]:
                    if flag:
                        self._flags.pop()
                    self._pre -= closed == "pre"
                    self._main -= closed in CONTENT
                del self._open[-back:]
                return


def markdown(block: Block) -> str:
    """Return a block with the mark of its element."""
    heading = _HEADING.match(block.tag)
    if heading:
        return f"{'#' * int(heading[1])} {block.text}"
    if block.tag == "li":
        return f"- {block.text}"
    if block.tag == "blockquote":
        return f"> {block.text}"
    if block.tag == "pre" and "\n" in block.text:
        return f"```\n{block.text}\n```"
    return block.text
