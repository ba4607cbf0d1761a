"""What the treasurer reads of a project in the books of its commune: registered when the house starts."""

from uuid import UUID

from caunoi.treasury import naming
from caunoi.works.models import Project


def projects(fund_id: UUID) -> dict[str, str]:
    """Return the projects of these books, by the code that their postings bear."""
    found = Project.objects.filter(book__fund_id=fund_id).order_by("-starts_on", "name")
    return dict(found.values_list("code", "name"))


naming.register(projects)
