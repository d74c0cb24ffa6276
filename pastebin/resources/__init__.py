"""The resource tree: one small class for each noun an address can hold.

/            Root                PUT /<name>      NewFile
/j           MachineUpload
/health      Health              /robots.txt     Robots
/p/<name>    PreviewContext      /i/<name>       InlineContext
/d/<name>    DownloadContext     /r/<name>       ResizedContext
/s/<code>    ShortLinkContext    /q/<name>       QRCodeContext
/t/<name>    ThumbnailContext
/m/<key>     ManagedLink, ManagedCollection
/u/<code>    FileRequestContext
/tus         TusUploads          /tus/<name>     TusUpload
/c           Collections         /c/<code>       CollectionContext
/uploaded    Uploaded            /c/<code>.zip   ZipContext
/latest      Latest              /oembed         OEmbed
/live        Live                /logo           Logo
/brand.css   BrandStyle
/login       Login               /logout         Logout
/login/code  LoginCode           /login/oidc     LoginOidc
/login/oidc/callback             OidcCallback    /login/passkey  LoginPasskey
/signup      SignUps             /signup/<code>  SignUp
/confirm/<token>                 MailedSignUp
/reset       PasswordResets      /reset/<token>  PasswordReset
/account     AccountContext      /account/files  AccountFilesContext
/account/collections             AccountCollectionsContext
/account/export  AccountExport
/account/{identities,passkeys,password,second-factor,sessions,tokens,programs,requests,deletion}
/account/files/<name>, /account/collections/<code>, /account/email/<token>
/admin       AdminContext        /admin/files    AdminFiles
/admin/{reports,bans,audit,users,invites,flags,listing,webhooks}
/admin/{statistics,statistics.csv,statistics.xlsx}
/sharex.sxcu ShareXUploader      /screenshot.sh  ScreenshotScript
/manifest.webmanifest            Manifest
"""

from pyramid.config import Configurator

from .accounts import (
    AccountCollectionsContext,
    AccountContext,
    AccountDeletion,
    AccountEmail,
    AccountEmails,
    AccountExport,
    AccountFilesContext,
    AccountIdentities,
    AccountPasskeys,
    AccountPassword,
    AccountPrograms,
    AccountSecondFactor,
    AccountSessions,
    AccountTokens,
    OwnedFile,
)
from .admin import (
    AdminAudit,
    AdminBans,
    AdminContext,
    AdminFile,
    AdminFiles,
    AdminFlags,
    AdminInvites,
    AdminListing,
    AdminNoun,
    AdminReports,
    AdminStatistics,
    AdminStatisticsTable,
    AdminUser,
    AdminUsers,
    AdminWebhooks,
)
from .api import ApiDocument, ApiItem, ApiList, ApiNoun, ApiPage, ApiPreflight
from .base import Container, Noun
from .collections import (
    CollectionContext,
    Collections,
    HeldCollection,
    LimitedZipContext,
    ManagedCollection,
    OwnedCollection,
    Uploaded,
    ZipContext,
)
from .file_requests import AccountRequests, FileRequestContext
from .files import (
    DownloadContext,
    FileContext,
    InlineContext,
    LimitedContext,
    LockedContext,
    PreviewContext,
    QRCodeContext,
    ResizedContext,
    ShortLinkContext,
    ThumbnailContext,
)
from .links import ManagedLink
from .new_files import NewFile
from .root import (
    BrandStyle,
    Health,
    Latest,
    Live,
    Logo,
    MachineUpload,
    Manifest,
    OEmbed,
    Robots,
    Root,
    ScreenshotScript,
    ShareXUploader,
)
from .sign_in import (
    Login,
    LoginCode,
    LoginOidc,
    LoginPasskey,
    Logout,
    MailedSignUp,
    OidcCallback,
    PasswordReset,
    PasswordResets,
    SignUp,
    SignUps,
)
from .tus import TusPreflight, TusUpload, TusUploads

__all__ = [
    "AccountCollectionsContext",
    "AccountContext",
    "AccountDeletion",
    "AccountEmail",
    "AccountEmails",
    "AccountExport",
    "AccountFilesContext",
    "AccountIdentities",
    "AccountPasskeys",
    "AccountPassword",
    "AccountPrograms",
    "AccountRequests",
    "AccountSecondFactor",
    "AccountSessions",
    "AccountTokens",
    "AdminAudit",
    "AdminBans",
    "AdminContext",
    "AdminFile",
    "AdminFiles",
    "AdminFlags",
    "AdminInvites",
    "AdminListing",
    "AdminNoun",
    "AdminReports",
    "AdminStatistics",
    "AdminStatisticsTable",
    "AdminUser",
    "AdminUsers",
    "AdminWebhooks",
    "ApiDocument",
    "ApiItem",
    "ApiList",
    "ApiNoun",
    "ApiPage",
    "ApiPreflight",
    "BrandStyle",
    "CollectionContext",
    "Collections",
    "Container",
    "DownloadContext",
    "FileContext",
    "FileRequestContext",
    "Health",
    "HeldCollection",
    "InlineContext",
    "Latest",
    "LimitedContext",
    "LimitedZipContext",
    "Live",
    "LockedContext",
    "Login",
    "LoginCode",
    "LoginOidc",
    "LoginPasskey",
    "Logo",
    "Logout",
    "MachineUpload",
    "MailedSignUp",
    "ManagedCollection",
    "ManagedLink",
    "Manifest",
    "NewFile",
    "Noun",
    "OEmbed",
    "OidcCallback",
    "OwnedCollection",
    "OwnedFile",
    "PasswordReset",
    "PasswordResets",
    "PreviewContext",
    "QRCodeContext",
    "ResizedContext",
    "Robots",
    "Root",
    "ScreenshotScript",
    "ShareXUploader",
    "ShortLinkContext",
    "SignUp",
    "SignUps",
    "ThumbnailContext",
    "TusPreflight",
    "TusUpload",
    "TusUploads",
    "Uploaded",
    "ZipContext",
]


def includeme(config: Configurator) -> None:
    """Set the root of traversal."""
    config.include(".factory")
