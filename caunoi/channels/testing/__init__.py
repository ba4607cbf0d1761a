"""The contract of connectors as tests. Every connector passes them; nothing here knows a brand.

Subclass ``ConnectorContract``, give it a fixture ``rig`` (see ``rig.Rig``), and run pytest. What a connector does not
promise in its ``capabilities`` is tested too: it then must refuse in the words of the contract. How to: docs/write-a-connector.md.
"""

import re
from dataclasses import replace

import pytest

from caunoi.channels.contract import (
    Capability,
    Health,
    PostKind,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.channels.testing.reading import ReadingContract
from caunoi.channels.testing.rig import Rig, Trouble, can, in_vietnamese, raises, ways_out
from caunoi.channels.testing.sending import SendingContract

__all__ = ["ConnectorContract", "Rig", "Trouble"]


class ConnectorContract(ReadingContract, SendingContract):
    """What every connector promises."""

    def test_it_says_what_it_is(self, rig: Rig) -> None:
        connector = rig.connector

        assert re.fullmatch(r"[a-z][a-z0-9_]{1,29}", connector.key)
        assert connector.capabilities <= set(Capability)
        assert connector.per_minute > 0
        assert set(connector.max_text) == set(ways_out(rig))

    def test_it_can_be_asked_whether_an_unclear_answer_arrived(self, rig: Rig) -> None:
        """What only publishes may leave that to a person: there is one such send a notice, not one a question."""
        sure = {Capability.READ_BACK, Capability.IDEMPOTENT_KEY} & rig.connector.capabilities
        answers = set(ways_out(rig)) - {PostKind.PUBLICATION}

        assert sure or not answers, "a person would have to look after every lost answer"

    def test_refreshed_tokens_work_and_spent_ones_do_not(self, rig: Rig) -> None:
        before, at = rig.account(), rig.now()
        if not can(rig, Capability.TOKEN_REFRESH):
            with pytest.raises((ReconnectNeeded, Refused)):
                rig.connector.refresh(before, at=at)
            return
        fresh = rig.connector.refresh(before, at=at)

        assert fresh.expires_at
        assert fresh.expires_at > at
        assert fresh.refresh_token != before.secrets["refresh_token"]
        with pytest.raises(ReconnectNeeded):
            rig.connector.refresh(before, at=at)
        renewed = {"access_token": fresh.access_token, "refresh_token": fresh.refresh_token}
        assert rig.connector.check(replace(before, secrets=renewed), at=at).ok

    def test_tokens_whose_answer_was_lost_are_unclear(self, rig: Rig) -> None:
        if not can(rig, Capability.TOKEN_REFRESH):
            return
        raises(
            rig,
            Unclear,
            lambda account: rig.connector.refresh(account, at=rig.now()),
            Trouble.TOKENS_LOST,
        )

    def test_a_channel_that_works_is_well(self, rig: Rig) -> None:
        assert rig.connector.check(rig.account(), at=rig.now()).ok

    def test_a_channel_whose_token_is_gone_is_not_well(self, rig: Rig) -> None:
        if can(rig, Capability.LOCAL):
            return
        account = rig.strike(Trouble.TOKEN_GONE, rig.account())
        try:
            health = rig.connector.check(account, at=rig.now())
        except ReconnectNeeded as error:
            health = Health(ok=False, reason=error.reason)

        assert not health.ok
        in_vietnamese(health.reason)

    def test_checking_a_provider_that_is_away_says_nothing_about_the_channel(
        self, rig: Rig
    ) -> None:
        if can(rig, Capability.LOCAL):
            return
        raises(
            rig,
            TryLater,
            lambda account: rig.connector.check(account, at=rig.now()),
            Trouble.UNREACHABLE,
        )
