"""Files, as the API has them: by their public names, as far as the gate lets who asks."""

from typing import Any, ClassVar

from ...errors import Forbidden, NotFound, PasswordNeeded
from ...services import Services
from ...services.gate import Decision, Purpose
from ...services.rights import AccountIdentity, Right, require
from ...services.stored_file import StoredFile
from ..visitor import Visitor
from .base import ApiItem, ApiList


class ApiFile(ApiItem):
    """`/api/v1/files/<filehash>`: a file that who asks may see."""

    address = "files/{name}"

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, file: StoredFile
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.file = file

    @property
    def version(self) -> str:
        """Return what changes with its terms."""
        return self.file.version

    def require_owner(self) -> AccountIdentity:
        """Return the account that asks, if the file belongs to it and it may change it; else Forbidden."""
        account = require(self.visitor.identity.account, Right.DELETE)
        if account.id != self.file.owner_id:
            raise Forbidden("This file belongs to somebody else.")
        return account

    def require_in_charge(self) -> AccountIdentity:
        """Return the account that asks, if it may end the file: its owner's, or an operator's."""
        identity = self.visitor.identity
        account = require(identity.account, Right.DELETE, Right.OPERATE)
        if not identity.may_change(self.file):
            raise Forbidden("This file belongs to somebody else.")
        return account


class ApiFiles(ApiList):
    """`/api/v1/files`: takes files in, lists those of an account, changes and ends many."""

    address = "files"
    methods: ClassVar[tuple[str, ...]] = ("DELETE", "GET", "HEAD", "PATCH", "POST")
    item = ApiFile

    def __getitem__(self, name: str) -> ApiFile:
        purpose = Purpose.CHANGE if self.visitor.is_changing else Purpose.RECORD
        try:
            file = self.services.files.by_hash(name)
        except NotFound as error:
            raise KeyError(name) from error
        decision = self.visitor.decide(file, purpose)
        if decision is Decision.LOCKED:
            raise PasswordNeeded("This file has a password. Send it as the password of HTTP Basic.")
        if decision is not Decision.ALLOWED:
            raise KeyError(name)
        return ApiFile(name, self, self.services, self.visitor, file)
