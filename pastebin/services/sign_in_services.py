"""What signs people in: the parts of a service that prove who somebody is."""

from sqlalchemy.engine import Engine

from ..settings import Settings
from .accounts import AccountService
from .identities import Identities
from .mail import Mail
from .mail_proofs import EmailSignUp, PasswordReset
from .oidc import OidcProvider, OidcSignIn
from .passkeys import Passkeys
from .passwords import Passwords
from .rate_limits import RateLimits
from .second_factors import SecondFactors
from .signed_tokens import SignedTokens
from .signing_in import SignIn


class SignInServices:
    """Passwords, passkeys, second factors, providers of accounts, and what is proved by mail."""

    engine: Engine
    accounts: AccountService
    passwords: Passwords
    rate_limits: RateLimits

    def _set_up_sign_in(self, settings: Settings) -> None:
        """Make what proves who somebody is."""
        self.sign_in = SignIn(self.accounts, self.passwords, self.rate_limits)
        self.signed_tokens = SignedTokens(self.engine, settings.secret)
        self.second_factors = SecondFactors(self.engine, self.rate_limits)
        self.mail = Mail(settings.mail_url, settings.mail_from, is_shown=not settings.is_production)
        self.may_sign_up_by_mail = settings.signup == "open" and self.mail.is_possible
        self.email_sign_up = EmailSignUp(self.engine, self.accounts, self.signed_tokens)
        self.passkeys = Passkeys(self.engine, self.signed_tokens)
        self.identities = Identities(self.engine, self.accounts, self.signed_tokens)
        provider = OidcProvider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
        self.oidc = OidcSignIn(provider, self.signed_tokens)
        self.may_sign_up_by_oidc = settings.oidc_signup or settings.signup == "open"
        self.password_reset = PasswordReset(self.engine, self.accounts, self.signed_tokens)
