"""What other sites and messengers show of a link: Open Graph and Twitter cards."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyramid.request import Request

from ..images import Transform
from ..previews import ImagePreview, Preview
from ..services.files import StoredFile
from ..services.thumbnails import is_seen, sides_of
from .representations import facts

# What Facebook and Twitter ask for; a smaller image is not scaled up.
CARD_SIZE = (1200, 630)


@dataclass(frozen=True, slots=True)
class CardImage:
    """An image for a card: its address, its sides in pixels, 0 where they are not known, and its type."""

    url: str
    width: int = 0
    height: int = 0
    mimetype: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What to show of a link: `type` of Open Graph, `media` a video or audio as (kind, address, type),
    `sides` its width and height in pixels, 0 if not known.

    `oembed` is the address at which the same is told in oEmbed's words.
    """

    title: str
    description: str
    url: str
    site_name: str
    type: str
    image: CardImage | None
    media: tuple[str, str, str] | None
    oembed: str
    sides: tuple[int, int] = (0, 0)

    @property
    def meta(self) -> Iterator[tuple[str, str, str]]:
        """Yield the `<meta>` elements: `property` or `name`, its value, the content."""
        card = "summary_large_image" if self.image and self.image.width >= 300 else "summary"
        yield "name", "description", self.description
        yield "property", "og:title", self.title
        yield "property", "og:description", self.description
        yield "property", "og:url", self.url
        yield "property", "og:site_name", self.site_name
        yield "property", "og:type", self.type
        yield "name", "twitter:card", card
        if self.image:
            yield "property", "og:image", self.image.url
            yield "property", "og:image:type", self.image.mimetype
            if self.image.width:
                yield "property", "og:image:width", str(self.image.width)
                yield "property", "og:image:height", str(self.image.height)
            yield "property", "og:image:alt", self.title
        if self.media:
            kind, url, mimetype = self.media
            yield "property", f"og:{kind}", url
            yield "property", f"og:{kind}:type", mimetype
            if self.sides[0]:
                yield "property", f"og:{kind}:width", str(self.sides[0])
                yield "property", f"og:{kind}:height", str(self.sides[1])


def share_card(request: Request, file: StoredFile, preview: Preview) -> ShareCard:
    """Return the card of a file."""
    page = request.address("p", file.filehash)
    media = (file.kind, request.address("i", file.filehash), file.mimetype)
    return ShareCard(
        title=file.heading,
        description=preview.excerpt or facts(file),
        url=page,
        site_name=request.services.settings.site_name,
        type=preview.open_graph_type,
        image=_image(request, file) if isinstance(preview, ImagePreview) else _thumbnail(request, file),
        media=media if file.kind in ("video", "audio") and file.downloads_left is None else None,
        oembed=request.address("", "oembed", {"url": page}),
        sides=preview.sides,
    )


def _image(request: Request, file: StoredFile) -> CardImage:
    """Return the image at the size of a card, as JPEG: every messenger shows that."""
    width, height = min(CARD_SIZE[0], file.width), min(CARD_SIZE[1], file.height)
    query = {"w": width, "h": height, "format": "jpeg"}
    size = Transform(width=width, height=height).plan((file.width, file.height)).size
    return CardImage(request.address("i", file.filehash, query), *size)


def _thumbnail(request: Request, file: StoredFile) -> CardImage | None:
    """Return what can be seen of a file that is no image; None where nobody else may see it."""
    if file.is_restricted or not is_seen(file):
        return None
    address = request.address("t", file.filehash, {"size": "large"})
    return CardImage(address, *sides_of(file), mimetype="image/webp")
