"""What the kit's own tables hold of people."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import SECURITY, End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "kit.auditentry",
        ("actor_name", "before", "after"),
        what=_("Which officer did what, and when; never your words, name or number"),
        purpose=_("so that everybody can see afterwards who read and who changed what"),
        basis=SECURITY,
        kept=_("five years; it cannot be changed"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free("kit.auditentry", ("event", "object_type", "object_id", "hash"), why="codes and hashes"),
    Free("kit.audithead", ("hash",), why="a hash"),
    Free("kit.jobrun", ("name", "trouble"), why="names of jobs and kinds of errors"),
)
