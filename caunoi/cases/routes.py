"""Each kind's own route: by when, in what steps, who is called. Plain data; the days stand in the table of deadlines."""

from dataclasses import dataclass

from caunoi.cases.terms import Kind

FIRST_PAUSE = "case.wait"


@dataclass(frozen=True, slots=True)
class Route:
    """``deadline`` runs from receipt (or forwarding); where the law knows acceptance, ``decide`` runs from then on.

    ``variants`` are the other rows an officer may choose, with a reason; ``pages`` calls a person at once.
    """

    deadline: str
    decide: str = ""
    variants: tuple[str, ...] = ()
    forward: str = ""
    pages: bool = False


_FEEDBACK = Route(deadline="feedback.answer", forward="feedback.forward")
ROUTES: dict[Kind, Route] = {
    Kind.QUESTION: _FEEDBACK,
    Kind.REPORT: _FEEDBACK,
    Kind.PETITION: _FEEDBACK,
    Kind.VOTER_PETITION: Route(deadline="voter.answer", variants=("voter.answer.joint",)),
    Kind.COMPLAINT: Route(
        deadline="complaint.accept",
        decide="complaint.first",
        variants=(
            "complaint.first.complex",
            "complaint.first.remote",
            "complaint.first.remote_complex",
            "complaint.second",
            "complaint.second.complex",
            "complaint.second.remote",
            "complaint.second.remote_complex",
        ),
    ),
    Kind.DENUNCIATION: Route(
        deadline="denunciation.accept",
        decide="denunciation.resolve",
        variants=("denunciation.accept.multi",),
    ),
    Kind.TIP_OFF: Route(deadline="tip_off.handover", pages=True),
    Kind.EMERGENCY: Route(deadline="emergency.first", pages=True),
}


def needs_acceptance(kind: str) -> bool:
    """True when the law knows a step of formal acceptance (thụ lý) for this kind."""
    return bool(ROUTES[Kind(kind)].decide)


def deadline_choices(*, kind: str, accepted: bool) -> tuple[str, ...]:
    """Return the rows of the table an officer may choose for a case of that kind, the ordinary one first."""
    route = ROUTES[Kind(kind)]
    if not route.decide:
        return (route.deadline, *route.variants)
    phase = route.decide if accepted else route.deadline
    group = phase.split(".")[0]
    begins = f"{group}.accept"
    rest = (v for v in route.variants if v.startswith(begins) != accepted)
    return (phase, *rest)
