"""Who sends what in a worker."""

from caunoi.cli import work


def test_every_kind_of_provider_has_senders_of_its_own_and_none_serves_two():
    here, *kinds = [sender["kinds"] for sender in work.senders("w")]

    outside = ["email", "facebook_page", "loopback", "sms", "youtube", "zalo_group", "zalo_oa"]
    assert kinds == [[kind] for kind in outside for _ in range(2)]
    assert "web_form" in here
    assert not set(here) & set(outside)
    assert len({sender["worker"] for sender in work.senders("w")}) == 15


def test_readers_have_names_of_their_own_and_are_as_many_as_asked(monkeypatch):
    from caunoi.journeys import work as reading

    names = []
    monkeypatch.setattr(
        reading, "work_inbox_once", lambda *, worker, at: names.append(worker) or len(names)
    )

    for step in work.readers("w", 3):
        step()

    assert names == ["w:reader-1", "w:reader-2", "w:reader-3"]
