"""Words about the people who work in the units."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Role(StrEnum):
    """What somebody does in a unit; it holds for the unit and everything below it, from one day to another."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    CASE_OFFICER = "case_officer"
    SEALED_OFFICER = "sealed_officer"
    APPROVER = "approver"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a door asks for."""

    UNITS_VIEW = "units.view"
    UNITS_MANAGE = "units.manage"
    PEOPLE_VIEW = "people.view"
    PEOPLE_MANAGE = "people.manage"
    CHANNELS_VIEW = "channels.view"
    CHANNELS_MANAGE = "channels.manage"
    INBOX_VIEW = "inbox.view"
    CASES_VIEW = "cases.view"
    CASES_TAKE_IN = "cases.take_in"
    CASES_NOTE = "cases.note"
    CASES_REFER = "cases.refer"
    CASES_DRAFT = "cases.draft"
    CASES_APPROVE = "cases.approve"
    CANNED_MANAGE = "canned.manage"
    CASES_PUBLISH = "cases.publish"
    CASES_SEALED = "cases.sealed"
    OUTBOX_VIEW = "outbox.view"
    OUTBOX_MANAGE = "outbox.manage"
    ANSWERS_VIEW = "answers.view"
    ANSWERS_MANAGE = "answers.manage"
    DUTY_TAKE = "duty.take"
    DUTY_MANAGE = "duty.manage"
    DEADLINES_MANAGE = "deadlines.manage"
    HEALTH_VIEW = "health.view"
    AUDIT_VIEW = "audit.view"
    DESK_VIEW = "desk.view"
    PRIVACY_VIEW = "privacy.view"
    PRIVACY_DECIDE = "privacy.decide"
    PRIVACY_MANAGE = "privacy.manage"
    INCIDENTS_VIEW = "incidents.view"
    INCIDENTS_MANAGE = "incidents.manage"
    DOCUMENTS_VIEW = "documents.view"
    DOCUMENTS_ISSUE = "documents.issue"
    DOCUMENTS_MANAGE = "documents.manage"
    ROUTING_VIEW = "routing.view"
    ROUTING_MANAGE = "routing.manage"
    WEBHOOKS_MANAGE = "webhooks.manage"
    KEYS_MANAGE = "keys.manage"
    NOTICES_VIEW = "notices.view"
    NOTICES_PROPOSE = "notices.propose"
    NOTICES_WRITE = "notices.write"
    NOTICES_APPROVE = "notices.approve"
    NOTICES_DECLARE = "notices.declare"
    CAMPAIGNS_VIEW = "campaigns.view"
    CAMPAIGNS_WRITE = "campaigns.write"
    CAMPAIGNS_APPROVE = "campaigns.approve"
    NEEDS_REPORT = "needs.report"
    GOODS_VIEW = "goods.view"
    GOODS_KEEP = "goods.keep"
    FUNDS_VIEW = "funds.view"
    FUNDS_KEEP = "funds.keep"
    FUNDS_APPROVE = "funds.approve"
    HOUSES_VIEW = "houses.view"
    HOUSES_KEEP = "houses.keep"
    HOUSES_APPROVE = "houses.approve"
    WORKS_VIEW = "works.view"
    WORKS_KEEP = "works.keep"


class StaffError(Foreseen):
    """Something about people or roles that cannot be done."""


class NotYours(StaffError):
    """The unit or the role is outside what the person herself may give."""


class LastAdministrator(StaffError):
    """Somebody must remain who can administer this unit; name another administrator first."""


class AlreadyHeld(StaffError):
    """The person already holds this role in this unit on these days."""


class InvitationSpent(StaffError):
    """The invitation was used, withdrawn or is too old; ask for a new one."""


class EmailTaken(StaffError):
    """Somebody with this e-mail address already has an account."""
