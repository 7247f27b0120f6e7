"""Which message shows a quiz, so that an older copy of it loses its keys.

Kept in memory only: what is forgotten leaves a key that does nothing wrong, since old presses are recognised by rows.
"""

from collections import OrderedDict

from core.ports import Place

PEOPLE = 5_000
PLACES = 16
"""Quizzes of one person that are remembered, the newest ones."""


class Copies:
    """The newest message of each thing that has an id, by person."""

    def __init__(self) -> None:
        self._people: OrderedDict[int, dict[tuple[str, str], int]] = OrderedDict()

    def message_of(self, person: int, place: str, ref: str) -> int | None:
        """The message that shows it, if that is known; a word beside it, with keys of its own, has no place."""
        return self._people.get(person, {}).get((place, ref))

    def place_of(self, person: int, flow: str) -> Place | None:
        """The newest message that shows something of a flow, whatever its id."""
        known = self._people.get(person, {})
        found = [Place(person, message, place, ref) for (place, ref), message in known.items() if place == flow]
        return found[-1] if found else None

    def gone(self, person: int, message_id: int) -> None:
        """Forget a message that was deleted."""
        places = self._people.get(person, {})
        for known in [known for known, message in places.items() if message == message_id]:
            del places[known]

    def stands(self, shown: Place) -> None:
        """Take down what a message shows now; what it showed before is gone."""
        places = self._people.setdefault(shown.person, {})
        self._people.move_to_end(shown.person)
        self.gone(shown.person, shown.message_id)
        if shown.ref:
            places.pop((shown.place, shown.ref), None)
            places[shown.place, shown.ref] = shown.message_id
        if len(places) > PLACES:
            del places[next(iter(places))]
        if len(self._people) > PEOPLE:
            self._people.popitem(last=False)
