"""Pins out of any text: which version of which part a file names, and on which line."""

from tracker.pins.reader import read_pins
from tracker.pins.reading import FoundPin, Reading, UnresolvedPin
from tracker.pins.texts import decode, is_text
from tracker.pins.vocabulary import Term, Vocabulary

__all__ = ["FoundPin", "Reading", "Term", "UnresolvedPin", "Vocabulary", "decode", "is_text", "read_pins"]
