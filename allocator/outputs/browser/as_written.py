"""Everything that a page says and draws, as it was written, so that the page can tell when any of it was changed."""

import re
from html.parser import HTMLParser

PARTS = ("header", "main", "footer")
FACTS = "what-if-facts"  # the element with what the script shows answers by
INERT = "style"  # an attribute that the page's policy keeps from doing anything
_SPACE = re.compile(r"[ \t\n\r\f]+")  # what HTML takes for space; a no-break space is a letter


class _Reader(HTMLParser):
    """Reads words, values, facts, styles, marks and drawings as a browser with scripts has them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.values: list[str] = []
        self.facts: list[str] = []
        self.styles: list[str] = []
        self.marks: list[str] = []
        self.drawings: list[list[str]] = []
        self._inside = 0
        self._in_drawing = 0
        self._in_facts = self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "noscript":
            self.set_cdata_mode(tag)  # such a browser keeps its content as text
        if self._inside and tag == "svg":
            self.drawings += [] if self._in_drawing else [[]]
            self._in_drawing += 1
        if self._in_drawing:
            shape = sorted(f"{name}={value}" for name, value in given.items() if name != INERT)
            self.drawings[-1].append(" ".join([tag, *shape]))
        elif self._inside and "class" in given:
            self.marks.append(".".join([tag, *given["class"].split()]))
        self._inside += tag in PARTS
        self._in_facts, self._in_style = given.get("id") == FACTS, tag == "style"
        if self._inside and "data-value" in given:
            self.values.append(given["data-value"])

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in PARTS
        self._in_drawing -= self._in_drawing > 0 and tag == "svg"
        self._in_facts = self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_facts:
            self.facts.append(data)
        elif self._in_style:
            self.styles.append(data)
        elif self._inside:
            self.words.append(data)


def as_written(html: str) -> str:
    """Give a page in lines: all its words with one space between them, the values of its cells, its facts, its styles,
    the classes by which marks such as the squares of a map have place and colour, and a line for each drawing with its
    shapes.

    as_written.js reads the same off the page.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    joined = ("".join(reader.words), " ".join(reader.values), "".join(reader.facts), "".join(reader.styles))
    drawn = [" ".join(reader.marks), *(" ".join(shapes) for shapes in reader.drawings)]
    return "\n".join(_SPACE.sub(" ", line).strip() for line in (*joined, *drawn))
