"""What signs people in: the parts of a service that prove who somebody is."""

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.engine import Engine

from .accounts import AccountService
from .email_changes import EmailChanges
from .identities import Identities
from .mail import Mail
from .mail_proofs import EmailSignUp, PasswordReset
from .oidc import OidcProvider, OidcSignIn
from .passwords import Passwords
from .rate_limits import RateLimits
from .second_factors import SecondFactors
from .signed_tokens import SignedTokens
from .signing_in import SignIn

if TYPE_CHECKING:
    from .passkeys import Passkeys


class SignInServices:
    """Passwords, passkeys, second factors, providers of accounts, and what is proved by mail."""

    engine: Engine
    accounts: AccountService
    passwords: Passwords
    rate_limits: RateLimits

    def _set_up_sign_in(
        self, secret: str, mail: Mail, provider: OidcProvider, signup: str, *, is_oidc_signup: bool
    ) -> None:
        """Make what proves who somebody is. `signup` and `is_oidc_signup` say who may make an account."""
        self.sign_in = SignIn(self.accounts, self.passwords, self.rate_limits)
        self.signed_tokens = SignedTokens(self.engine, secret)
        self.second_factors = SecondFactors(self.engine, self.rate_limits)
        self.mail = mail
        self.may_sign_up_by_mail = signup == "open" and mail.is_possible
        self.email_sign_up = EmailSignUp(self.engine, self.accounts, self.signed_tokens)
        self.email_changes = EmailChanges(self.engine, self.accounts, self.signed_tokens)
        self.identities = Identities(self.engine, self.accounts, self.signed_tokens)
        self.oidc = OidcSignIn(provider, self.signed_tokens)
        self.may_sign_up_by_oidc = is_oidc_signup or signup == "open"
        self.password_reset = PasswordReset(self.engine, self.accounts, self.signed_tokens)

    @cached_property
    def passkeys(self) -> "Passkeys":
        """Keys of devices."""
        from .passkeys import Passkeys  # noqa: PLC0415 - with a library that is as large as all of Pyramid

        return Passkeys(self.engine, self.signed_tokens)
