"""Words out of HTML, for the systems that write so. Nothing is fetched, nothing is run."""

import re
from html.parser import HTMLParser

BLOCKS = {"address", "article", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "pre"}
BLOCKS |= {"section", "table", "tr", "ul", "ol"}
SILENT = {"head", "script", "style", "template", "title"}


class _Words(HTMLParser):
    """Collects what a reader would see, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in SILENT), 0)
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The words of a piece of HTML, blocks on lines of their own, at most one blank line between them."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.parts).split("\n")
    text = "\n".join(line.strip() for line in lines)
    return re.sub(r"\n{2,}", "\n\n", text).strip()
