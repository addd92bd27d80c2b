"""Everything that a page says, as it was written, so that the page can tell when any of it was changed afterwards."""

import re
from html.parser import HTMLParser

PARTS = ("header", "main", "footer")
FACTS = "what-if-facts"  # the element with what the script shows answers by
_SPACE = re.compile(r"[ \t\n\r\f]+")  # what HTML takes for space; a no-break space is a letter


class _Reader(HTMLParser):
    """Reads words, values and facts as a browser with scripts has them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.values: list[str] = []
        self.facts: list[str] = []
        self._inside = 0
        self._in_facts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "noscript":
            self.set_cdata_mode(tag)  # such a browser keeps its content as text
        self._inside += tag in PARTS
        self._in_facts = given.get("id") == FACTS
        if self._inside and given.get("data-value") is not None:
            self.values.append(str(given["data-value"]))

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in PARTS
        self._in_facts = False

    def handle_data(self, data: str) -> None:
        if self._in_facts:
            self.facts.append(data)
        elif self._inside:
            self.words.append(data)


def as_written(html: str) -> str:
    """Give three lines: all words of a page with one space between them, the values of its cells, and its facts.

    as_written.js reads the same off the page. What is drawn without words, the shapes of charts, is no part of it.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = ("".join(reader.words), " ".join(reader.values), "".join(reader.facts))
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines)
