"""What is stored of members, their logins, keys and sealed mail, of visitors, and by the layers below."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from federation import here
from homevault.protocol.addresses import Address
from social.accounts.inventory import MEMBER, SITE, STRANGERS, Holding, by
from social.accounts.models import User

UNTIL_YOU = _("Until you change or delete it, or your account.")
WITH_THE_SITE = _("As long as the site stands.")


def username(user: User) -> str:
    return user.username


def address(user: User) -> str:
    """The address of a member as text."""
    return str(Address(*here.site(), user.username))


MEMBERS = (
    Holding(
        "account",
        MEMBER,
        _("Your account"),
        _(
            "Your name here, your password as a hash, your e-mail address if you gave one, your role and "
            "language: what it takes to let you in."
        ),
        _("Until you delete your account."),
        {"accounts.User": by("pk")},
        "/house/data",
        withheld=frozenset({"accounts.User.password"}),
    ),
    Holding(
        "logins",
        MEMBER,
        _("Logins and second factors"),
        _("Where you are logged in, so that you can look and end it; and what proves that it is you."),
        _("A login ends 60 days after its last use; factors stay until you remove them."),
        {
            "accounts.LoginSession": by("user"),
            "mfa.Authenticator": by("user"),
            "account.EmailAddress": by("user"),
            "account.EmailConfirmation": by("email_address__user"),
        },
        "/house/security",
        withheld=frozenset(
            {
                "accounts.LoginSession.session_key",
                "accounts.LoginSession.session_data",
                "mfa.Authenticator.data",
                "account.EmailConfirmation.key",
            }
        ),
    ),
    Holding(
        "devices",
        MEMBER,
        _("Devices and public keys"),
        _("The public halves of your keys, so that others can seal letters to you. No private half is here."),
        _("As long as the device is in your list; keys that were handed out, 90 days more."),
        {
            "accounts.DeviceList": by("user"),
            "accounts.Device": by("user"),
            "accounts.OneTimePrekey": by("device__user"),
        },
        "/house/devices",
    ),
    Holding(
        "mail",
        MEMBER,
        _("Sealed mail and who may write"),
        _("Letters that wait for your devices, which the site cannot read, and whom you have written with."),
        _("Letters until your devices have them, 30 days at most; addresses until you delete your account."),
        {
            "signaling.Body": by("username", username),
            "signaling.Row": by("body__username", username),
            "signaling.Usage": by("username", username),
            "signaling.Contact": by("key__startswith", lambda user: f"{user.username} "),
        },
        "/house/vault",
        withheld=frozenset({"signaling.Body.raw"}),
    ),
)

OTHERS = (
    Holding(
        "visitors",
        STRANGERS,
        _("Visitors whose browser runs the page’s script"),
        _(
            "The public half of a key made for the visit, scrambled marks of the browser and its network, "
            "when it was last here: so that the light works and a block holds."
        ),
        _("Two days after the last visit."),
        {"accounts.Visitor": Q()},
    ),
    Holding(
        "half_logins",
        STRANGERS,
        _("Logins that were begun"),
        _("A cookie’s number while somebody types a password, without a name."),
        _("60 days at most."),
        {"accounts.LoginSession": Q(user=None)},
    ),
    Holding(
        "tries",
        STRANGERS,
        _("How often something was tried"),
        _("Counters under scrambled names of accounts and networks, so that nobody can guess passwords."),
        _("Minutes; they empty by themselves."),
        {"accounts.Bucket": Q()},
    ),
    Holding(
        "sites",
        STRANGERS,
        _("Other sites"),
        _("Their address and public keys, and marks of what they sent, so that nothing counts twice."),
        _("Keys as long as the site stands; marks until what they are of has run out."),
        {
            "federation.Peer": Q(),
            "federation.Nonce": Q(),
            "federation.Received": Q(),
        },
    ),
    Holding(
        "log",
        STRANGERS,
        _("The machine’s log"),
        _(
            "What goes wrong in the program; requests only if the owner switched that on, without addresses. "
            "A web server in front may keep a log of its own."
        ),
        _("As the owner has set up the machine."),
        {},
    ),
)

OWN = (
    Holding(
        "former_names",
        SITE,
        _("Names of members who left"),
        _("So that nobody else gets such a name, and its pages say that they are gone."),
        WITH_THE_SITE,
        {"accounts.FormerName": Q()},
    ),
    Holding(
        "work",
        SITE,
        _("Work that waits"),
        _("What still has to be sent or looked at, sealed letters to other sites among it."),
        _("Until it is done, seven days at most."),
        {"federation.Job": Q(), "federation.Lease": Q()},
    ),
    Holding(
        "running",
        SITE,
        _("How the site is set up"),
        _("That it was set up, its invite links, and lists that its programs need."),
        WITH_THE_SITE,
        {
            "accounts.Setup": Q(),
            "accounts.Invite": Q(),
            "contenttypes.ContentType": Q(),
            "auth.Permission": Q(),
            "auth.Group": Q(),
            "auth.Group_permissions": Q(),
        },
        indexes=("django_migrations",),
    ),
)
