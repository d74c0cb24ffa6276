"""Where people sign in, out and up."""

from typing import Any, ClassVar

from ..services import Services
from ..services.flags import Flag
from .base import Container, Noun


class LoginCode(Noun):
    """`/login/code`: the form for a code, for who has said the right password."""

    is_open_when_read_only = True
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")


class LoginPasskey(Noun):
    """`/login/passkey`: signs in with one."""

    is_open_when_read_only = True
    methods = ("POST",)


class OidcCallback(Noun):
    """`/login/oidc/callback`: where the provider sends browsers back to."""


class LoginOidc(Noun):
    """`/login/oidc`: sends browsers to the provider. There is none without one."""

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> OidcCallback:
        if name != "callback":
            raise KeyError(name)
        return OidcCallback(name, self)


class Login(Noun):
    """`/login`: the form for name and password."""

    is_open_when_read_only = True  # an administrator has to sign in to switch that off
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")

    CHILDREN: ClassVar[dict[str, type[Noun]]] = {
        "code": LoginCode,
        "oidc": LoginOidc,
        "passkey": LoginPasskey,
    }

    def __init__(self, name: str, parent: Any, services: Services) -> None:
        super().__init__(name, parent)
        self._services = services

    def __getitem__(self, name: str) -> Noun:
        if name == "oidc" and not self._services.settings.oidc_issuer:
            raise KeyError(name)
        return self.CHILDREN[name](name, self)


class Logout(Noun):
    """`/logout`: ends the session."""

    is_open_when_read_only = True
    methods = ("POST",)


class SignUp(Noun):
    """`/signup/<code>`: makes an account by an invite."""

    methods = ("GET", "HEAD", "POST")

    @property
    def code(self) -> str:
        """Return the code of the invite."""
        return self.__name__


class SignUps(Noun):
    """`/signup`: asks for an e-mail address or for the code of an invite.

    There is none where nobody may sign up.
    """

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> SignUp:
        return SignUp(name, self)


class MailedSignUp(Noun):
    """`/confirm/<token>`: makes an account with the address that a message went to."""

    methods = ("GET", "HEAD", "POST")

    @property
    def token(self) -> str:
        """Return what the message had."""
        return self.__name__


class MailedSignUps(Container):
    """`/confirm`: leads to what messages name."""

    def __getitem__(self, name: str) -> MailedSignUp:
        return MailedSignUp(name, self)


class PasswordReset(Noun):
    """`/reset/<token>`: changes a password that was forgotten."""

    methods = ("GET", "HEAD", "POST")

    @property
    def token(self) -> str:
        """Return what the message had."""
        return self.__name__


class PasswordResets(Noun):
    """`/reset`: asks whose password was forgotten. There is none without mail."""

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> PasswordReset:
        return PasswordReset(name, self)


def sign_ups(name: str, parent: Any, services: Services) -> SignUps:
    """Return where accounts are made; KeyError where nobody may make one, SwitchedOff for a while."""
    if services.settings.signup == "closed":
        raise KeyError(name)
    services.flags.require_off(Flag.NO_SIGNUP)
    return SignUps(name, parent)


def mailed_sign_ups(name: str, parent: Any, services: Services) -> MailedSignUps:
    """Return where accounts are made by messages; KeyError where they are not, SwitchedOff for a while."""
    if not services.may_sign_up_by_mail:
        raise KeyError(name)
    services.flags.require_off(Flag.NO_SIGNUP)
    return MailedSignUps(name, parent)


def password_resets(name: str, parent: Any, services: Services) -> PasswordResets:
    """Return where passwords are changed by messages; KeyError where there is no mail."""
    if not services.mail.is_possible:
        raise KeyError(name)
    return PasswordResets(name, parent)
