"""What a story's people find in their mailboxes."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.notifications import store
from chalicelib.notifications.model import Outcome, tag_of
from tests.journeys.deployed import Deployed, Mail

_PLAIN = str.maketrans("\u00a0\u202f", "  ", "\u200e\u200f\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Return a text with simple spaces, and without the signs that keep names and numbers from turning it about."""
    return text.translate(_PLAIN)


class Reader(NamedTuple):
    """Whose mailbox it is, and in which language they read."""

    name: str
    address: str
    language: str = "en"
    direction: str = "ltr"


@dataclass
class Post:
    """The mailboxes of some people, from which each mail is taken out as it comes.

    Attributes
    ----------
    prefix
        With what the subjects of the story's programme begin; it is left out where they are named.
    readers
        By their addresses.
    taken
        Every mail so far, with whose it is.
    """

    deployed: Deployed
    prefix: str
    readers: dict[str, Reader] = field(default_factory=dict)
    taken: list[tuple[str, Mail]] = field(default_factory=list)

    def brings(self, **subjects: Sequence[str]) -> list[Mail]:
        """Wait until people, by their names, have mails under these subjects since the last time; return them in this
        order. Nobody has any other mail."""
        wanted = [(name, one) for name, several in subjects.items() for one in several]
        known = {mail["id"] for _, mail in self.taken}

        def look() -> list[tuple[tuple[str, str], Mail]] | None:
            fresh = [
                ((self.readers[address].name, plain(mail["subject"]).removeprefix(self.prefix)), mail)
                for mail in self.deployed.all_mails()
                for address in mail["to"]
                if address in self.readers and mail["id"] not in known
            ]
            unwanted = Counter(one for one, _ in fresh) - Counter(wanted)
            assert not unwanted, f"nobody expected {unwanted}; expected was {wanted}"
            return fresh if len(fresh) == len(wanted) else None

        fresh = sorted(self.deployed.wait_for(look), key=lambda one: wanted.index(one[0]))
        self.taken += [(name, mail) for (name, _), mail in fresh]
        return [mail for _, mail in fresh]

    def ended(self, people: Mapping[str, str]) -> dict[str, dict[str, Counter[str]]]:
        """See that nobody has another mail, that each is in its reader's language, and that all messages that the
        service has ever written for these people (names by id) have ended: in one mail each, or in none.

        Returns
        -------
        dict
            How many messages of each kind there were, by outcome and name. Codes, which the user pool sends, are none.
        """
        self.deployed.settle()
        self.brings()
        by_name = {reader.name: reader for reader in self.readers.values()}
        for name, mail in self.taken:
            _require_written_for(by_name[name], mail)
        found: dict[str, dict[str, Counter[str]]] = {}
        sent = []
        for message_id, kind, recipient in self._messages():
            if recipient in people:
                result = store.get_result(message_id)
                assert result is not None, f"{message_id} has not ended"
                found.setdefault(result.outcome, {}).setdefault(people[recipient], Counter())[kind] += 1
                sent += [tag_of(message_id)] if result.outcome == Outcome.SENT else []
        assert sorted(sent) == sorted(mail["tags"]["message_id"] for _, mail in self.taken if mail["tags"])
        return found

    def _messages(self) -> Iterator[tuple[str, str, str]]:
        """Yield id, kind and recipient of each mail in the outbox. A scan: there is no harm in one here."""
        pages = self.deployed.client("dynamodb").get_paginator("scan").paginate(
            TableName=f"{self.deployed.place.data['TablePrefix']}outbox",
            FilterExpression="topic = :mail", ExpressionAttributeValues={":mail": {"S": "mail"}},
        )  # fmt: skip
        for page in pages:
            for item in page["Items"]:
                yield item["pk"]["S"], item["kind"]["S"], json.loads(item["payload"]["S"])["recipient"]


def _require_written_for(reader: Reader, mail: Mail) -> None:
    """See that a mail is in its reader's language and direction, goes to nobody else, and is small."""
    assert (mail["to"], mail["cc"]) == ([reader.address], [])
    begun = f'<html lang="{reader.language}" dir="{reader.direction}"'
    assert begun in mail["html"], (reader.name, mail["subject"])
    assert len(mail["html"].encode()) < 30 * 1024
    # The pool sends its codes by itself, and without headers of ours.
    assert mail["headers"].get("Content-Language", reader.language) == reader.language
