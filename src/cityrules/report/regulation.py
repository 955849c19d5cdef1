"""A document as a regulation: every part of it, in words and in the order of an official text, for a person to sign.

Markdown. Works on the document as written, so that nothing of it is told twice or left out; knows no plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cityrules.report.acts import Acts
from cityrules.report.bodies import Bodies
from cityrules.report.cases import Cases
from cityrules.report.names import Names, plain, say
from cityrules.report.policies import Policies
from cityrules.report.sections import Sections
from cityrules.report.values import Values
from cityrules.scheme.document import Body, ConsequenceBody, Document
from cityrules.text.diagnostic import Language

_ZH = "零一二三四五六七八九十"


def regulation(document: Document, language: Language) -> str:
    """The whole text, ending with a line for the signature. Equal documents give equal texts."""
    text = "\n".join(_Text(document, language).lines())
    return re.sub(" +\n", "\n", re.sub("\n{3,}", "\n\n", text)).strip() + "\n"


def untold(document: Document, language: Language) -> tuple[str, ...]:
    """The names for which the document has no word of a language, so that they stand in its text as they are."""
    text = _Text(document, language)
    for _ in text.lines():
        pass
    return text.untold


class Parts:
    """What parts of one document say in one language, line by line without headings: each part a document without the
    bodies of everything else. Everything is called what it is called in the whole; the value of a number that is set is
    told where it is set alone."""

    def __init__(self, whole: Document, language: Language) -> None:
        self._bodies = Bodies(Values(Names(whole, language, quoting=False)), whole)
        self.names = self._bodies.names
        self._language: Language = language
        self._heads = {say("parameter_head", language), say("policy_head", language)}

    def lines(self, part: Document) -> Iterator[str]:
        """What is computed by it, and what is noted about that."""
        for _, lines in _Text(part, self._language, self._bodies).parts():
            for line in lines:
                if line and line not in self._heads and not line.startswith(("#", "| --- |")):
                    yield line

    def head(self, document: Document) -> Iterator[str]:
        """What a document says of itself: its title, who issued it, since when it is in force."""
        yield say("title", self._language, title=plain(document.title)).lstrip("# ")
        yield from filter(None, _Text(document, self._language, self._bodies).head())


class _Text:
    def __init__(self, document: Document, language: Language, bodies: Bodies | None = None) -> None:
        self._document = document
        self._language: Language = language
        self._bodies = bodies or Bodies(Values(Names(document, language)))
        values = self._bodies.values
        self._names = values.names
        self._acts = Acts(self._bodies)
        self._sections = Sections(self._bodies)
        self._policies = Policies(values)
        self._cases = Cases(document, values)

    @property
    def untold(self) -> tuple[str, ...]:
        """The names without a word of the language that were met so far."""
        return tuple(self._names.untold)

    def lines(self) -> Iterator[str]:
        """All lines."""
        yield say("title", self._language, title=plain(self._document.title))
        yield ""
        yield from self.head()
        number = 0
        for name, part in self.parts():
            lines = list(part)
            if lines:
                number += 1
                yield from ("", f"## {self._number(number)}{say(f'section_{name}', self._language)}", "", *lines)
        yield from ("", f"## {say('section_signing', self._language)}", "", say("signing", self._language))

    def head(self) -> Iterator[str]:
        """What the document says of itself."""
        return self._sections.head(self._document)

    def parts(self) -> tuple[tuple[str, Iterator[str]], ...]:
        """The sections by name, each with its lines."""
        return (
            ("targets", self._sections.targets(self._document)),
            ("records", self._sections.records(self._document)),
            ("time", self._sections.time(self._document)),
            ("parameters", self._sections.parameters(self._document)),
            ("tables", self._sections.tables(self._document)),
            ("measures", self._measures()),
            ("consequences", self._consequences()),
            ("checks", (f"- {self._acts.check(name, body)}" for name, body in self._document.checks.items())),
            ("policies", self._policies.rows(self._document)),
            ("readings", self._readings()),
            ("uncomputed", self._uncomputed()),
            ("examples", self._examples()),
        )

    def _number(self, number: int) -> str:
        if self._language == "en":
            return f"{number}. "
        return f"{'十' if number > 10 else ''}{_ZH[number - 10 if number > 10 else number]}、"

    def _measures(self) -> Iterator[str]:
        for name, body in self._document.measures.items():
            yield from self._heading(name, body)
            yield from self._bodies.measure(body)

    def _consequences(self) -> Iterator[str]:
        for name, body in self._document.consequences.items():
            yield from self._heading(name, body)
            yield from self._acts.consequence(body)

    def _heading(self, name: str, body: Body) -> Iterator[str]:
        yield from ("", f"### {self._title(name, body)}{self._bodies.clause(body)}", "")

    def _title(self, name: str, body: Body) -> str:
        label = body.label or (body.do if isinstance(body, ConsequenceBody) else None)
        return self._names.titled(name, label)

    def _readings(self) -> Iterator[str]:
        for number, (name, body) in enumerate(self._document.readings.items(), 1):
            told = {"number": str(number), "clause": self._bodies.clause(body)}
            yield from ("", f"### {say('reading', self._language, **told)}", "")
            lines = [say("reading_question", self._language, question=plain(body.question))]
            if body.chosen == "unstated":
                lines.append(say("reading_unstated", self._language))
            else:
                lines.append(say("reading_chosen", self._language, chosen=plain(body.chosen)))
            lines.append(say("reading_because", self._language, because=plain(body.because)))
            for option, changes in body.others.items():
                parts = dict.fromkeys(self._cases.part(path, new) for path, new in changes.items())
                told = {"option": self._cases.option(name, option), "parts": self._names.joined(list(parts))}
                lines.append(say("reading_option", self._language, **told))
            yield from (f"- {self._bodies.noted(line, body) if line is lines[-1] else line}" for line in lines)

    def _uncomputed(self) -> Iterator[str]:
        for body in self._document.uncomputed.values():
            called = plain(body.label or body.clause or body.text)
            told = self._bodies.noted(self._bodies.sentence(body), body)
            yield f"- **{called}**{'：' if self._language == 'zh' else ': '}{told}"

    def _examples(self) -> Iterator[str]:
        for number, (name, body) in enumerate(self._document.examples.items(), 1):
            called = self._names.told(name, body.label) or (name if self._language == "en" else None)
            told = {"number": str(number), "clause": self._bodies.clause(body)}
            # A case without a word for it is told by its number.
            named = {} if called is None else {"name": plain(called)}
            yield from ("", f"### {say('example', self._language, **told, **named)}", "")
            for line in self._cases.example(body):
                yield from (line, "")
            if body.note or body.by:
                yield self._bodies.noted("", body).strip()
