# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The name of the program behind a user agent: all of it that is ever stored.

Browsers have none. The name lets a later list judge again; it tells nothing about a person.
"""

import re

LONGEST = 40
DIGITS = 3
"""A name with more digits than these is cut before them: they could say who it was."""
UNNAMED = "unnamed"
"""Stands for a name that is nothing but numbers."""
BROWSER = re.compile(r"(mozilla|opera)/", re.IGNORECASE)
DECLARED = re.compile(r"compatible;\s*([^\s;:/)]+)", re.IGNORECASE)
"""How programs say their name while they pass for Mozilla."""
BROWSERS = ("msie", "konqueror")
"""Browsers that do the same."""
_WORD = re.compile(r"[^\s/;:,()\[\]{}<>\"'+=@?&#]+")
_VERSION = re.compile(r"[-_.]?v?\d[\d._]*$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def program(user_agent: str, recognised: re.Match[str] | None) -> str:
    """Return the name of a program, without versions, systems and languages; none of browsers.

    ``recognised``: what a list has recognised it by, if one has.
    """
    if recognised is not None:
        return _shortened(_word_at(user_agent, recognised))
    if not BROWSER.match(user_agent):
        return _shortened(_first_word(user_agent))
    declared = DECLARED.search(user_agent)
    name = _shortened(declared[1]) if declared else ""
    return "" if name.lower() in BROWSERS else name


def _first_word(user_agent: str) -> str:
    """Return the first word, which is the name of the product by RFC 9110, section 10.1.5."""
    found = _WORD.search(user_agent)
    return found[0] if found else user_agent.strip()


def _word_at(user_agent: str, place: re.Match[str]) -> str:
    """Return the first word that has a part in what was recognised."""
    for word in _WORD.finditer(user_agent):
        if word.end() > place.start():
            return word[0]
    return user_agent.strip()


def _shortened(word: str) -> str:
    """Return a word without its version, and without what could be a number of somebody."""
    name = _VERSION.sub("", word) or word
    if len(_DIGIT.findall(name)) > DIGITS:
        name = _DIGIT.split(name, maxsplit=1)[0].rstrip("-_.") or UNNAMED
    return name[:LONGEST]
