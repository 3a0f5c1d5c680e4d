"""Why an act of this module does not happen."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, Refusal, Unavailable
from cohong.parties.words import FIELD_LABELS, Mandate


class _AboutField(Refusal):
    """A refusal about one `field`: the parameter is its code, people read its `label`."""

    def __str__(self) -> str:
        field = str(self.params["field"])
        return str(self.message).format(label=FIELD_LABELS.get(field, field), **self.params)


class NotYours(NotAllowed):
    """The actor does not act for this party, or not in a role that may do this."""

    message = _("You do not act for this party in a role that may do this.")


class ScopeMissing(NotYours):
    """The token was not issued for this. `scope` is what it lacks; empty: no token may do this."""

    message = _("This token was not issued for this. It lacks the scope “{scope}”.")


class PeopleOnly(NotYours):
    """A token cannot decide who may act for its party: a person has to."""

    message = _("Only a person who is signed in may do this, not a token.")


class SecondFactorNeeded(NotAllowed):
    """The party wants whoever acts for it to sign in with a second factor, and the user has none."""

    message = _("To act for this party you need a second factor to sign in with. Please set one up first.")


class MandateMissing(NotAllowed):
    """The actor does not carry any of the mandates that this takes. `mandates` are their codes."""

    message = _("This takes the mandate of an authority: {labels}.")

    def __str__(self) -> str:
        labels = ", ".join(str(Mandate(mandate).label) for mandate in self.params["mandates"])
        return str(self.message).format(labels=labels)


class NotMember(NotAllowed):
    """The user does not act for this party (any more), or may not sign in."""

    message = _("You do not act for this party.")


class InvalidToken(NotAllowed):
    """The token is unknown, revoked or has expired."""

    message = _("This token is not valid, or not any more.")


class ForgeryCheckFailed(NotAllowed):
    """A request with a session's cookie lacks the `X-CSRFToken` that only our own pages can send."""

    message = _("This request was not made from our own pages. Please load the page again.")


class PartyNotFound(NotFound):
    """There is no such party."""

    message = _("There is no such party.")


class UserNotFound(NotFound):
    """There is no such user."""

    message = _("There is no such user.")


class MembershipNotFound(NotFound):
    """The user does not have this role at this party."""

    message = _("This user does not have this role here.")


class TokenNotFound(NotFound):
    """There is no such token of a party that the actor acts for."""

    message = _("There is no such token.")


class RestrictionNotFound(NotFound):
    """There is no such restriction."""

    message = _("There is no such restriction.")


class MarketNotFound(NotFound):
    """There is no such market."""

    message = _("There is no such market.")


class RegionUnknown(BadInput):
    """The region code is not one that the platform knows."""

    message = _("There is no region with the code “{code}”.")


class IndustryUnknown(BadInput):
    """The industry code is not one that the platform knows."""

    message = _("There is no industry with the code “{code}”.")


class BadText(_AboutField, BadInput):
    """A text is missing, too long or holds characters that are no text."""

    message = _("“{label}” needs a text of {least} to {most} characters, without control characters.")


class BadCode(BadInput):
    """A code of reference data does not have the form of one."""

    message = _("“{code}” is not a code: use {most} letters, digits, hyphens and points at most.")


class BadCountry(BadInput):
    """The country is not two letters of ISO 3166."""

    message = _("“{country}” is not a country code of two letters.")


class CreditCodeInvalid(BadInput):
    """The unified social credit code is wrong: its length, its characters or its check character."""

    message = _("“{code}” is not a valid unified social credit code. Please check it character by character.")


class ResidentIdInvalid(BadInput):
    """The resident identity number is wrong: its length, place, date of birth or check character.

    The number is not repeated: refusals are logged, and it is personal data.
    """

    message = _("This is not a valid resident identity number. Please check it character by character.")


class PhoneInvalid(BadInput):
    """The phone number is not one. It is not repeated: refusals are logged, and it is personal data."""

    message = _("This is not a valid phone number. Abroad, begin it with + and the country code.")


class PersonalDataInText(_AboutField, BadInput):
    """A text that everyone concerned will read names an identity or phone number."""

    message = _("Please leave identity and phone numbers out of “{label}”.")


class NotForPeople(_AboutField, BadInput):
    """`field` is something that organisations have and people do not."""

    message = _("A person has no {label}.")


class AuthorityByPlatformOnly(NotAllowed):
    """Authorities are registered by the platform, not by themselves."""

    message = _("Authorities are registered by the platform.")


class AlreadyRegistered(_AboutField, Conflict):
    """Another party is registered with this `field`."""

    message = _("A party with this {label} is registered already.")


class RegisteredDifferently(Conflict):
    """This id was registered before with other content."""

    message = _("This was registered before, with other content.")


class MembershipExists(Conflict):
    """The user has this role already."""

    message = _("This user has this role already.")


class LastOwner(Conflict):
    """A party whose last owner goes could not be acted for any more."""

    message = _("A party keeps at least one owner. Name another one first.")


class NotAnAuthority(Conflict):
    """Mandates are for authorities only."""

    message = _("Only an authority can be given a mandate.")


class MandateExists(Conflict):
    """The authority has this mandate already."""

    message = _("This authority has this mandate already.")


class MandateNotFound(NotFound):
    """The authority does not have this mandate."""

    message = _("This authority does not have this mandate.")


class NothingToConfirm(_AboutField, Conflict):
    """The registration lacks what the identity register would be asked about."""

    message = _("There is nothing to confirm yet: “{label}” is missing.")


class RegisterDecides(Conflict):
    """The platform may vouch for those only whom the identity register cannot know."""

    message = _("This party is confirmed by the identity register, not by hand.")


class RegisterUnavailable(Unavailable):
    """The identity register cannot be asked at the moment."""

    message = _("The identity register does not answer at the moment. It will be asked again by itself.")


class AlreadyLifted(Conflict):
    """The restriction was lifted before."""

    message = _("This restriction was lifted before.")


class TokenRevokedAlready(Conflict):
    """The token was revoked before."""

    message = _("This token was revoked before.")


class ScopeUnknown(BadInput):
    """There is no such scope, or none was named."""

    message = _("A token needs scopes out of: {known}.")


class ExpiryPast(BadInput):
    """The token would never be valid."""

    message = _("The expiry has to lie in the future.")


class UsernameInvalid(BadInput):
    """The user name is empty, too long or has characters that it may not have."""

    message = _("A user name has up to 150 letters, digits and the characters @ . + - _")


class UsernameTaken(Conflict):
    """Someone else has this user name."""

    message = _("This user name is taken.")


class PasswordTooWeak(BadInput):
    """The password would be guessed. `reasons` say how."""

    message = _("Please choose a better password: {reasons}")
