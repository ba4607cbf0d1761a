"""Who sends what in a worker."""

from caunoi.cli import work


def test_every_kind_of_provider_has_a_sender_of_its_own():
    kinds = [sender["kinds"] for sender in work.senders("w")]

    assert kinds == [None, ["facebook_page"], ["loopback"], ["zalo_oa"]]
    assert len({sender["worker"] for sender in work.senders("w")}) == 4
