"""Pixel modes: everything that decoders give, brought to 8-bit L, LA, RGB or RGBA."""

from PIL import Image, ImageMath

_DIRECT = {"La": "LA", "RGBa": "RGBA", "PA": "RGBA", "1": "L"}
# Ranges that integer and float samples are commonly stored in.
_RANGES = (1.0, 255.0, 65535.0, 4294967295.0)


def normalised(image: Image.Image) -> Image.Image:
    """Give a loaded image in L, LA, RGB or RGBA (or CMYK, which its profile must convert).

    Palettes are looked up, transparent colours become alpha, 16-bit samples are scaled to 8.
    """
    if image.mode in ("LA", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _from_wide_samples(image)
    if image.mode in _DIRECT and not _has_transparency(image):
        return image.convert(_DIRECT[image.mode])
    if image.mode in ("1", "L"):
        return image.convert("LA") if _has_transparency(image) else image
    if image.mode == "RGB" and not _has_transparency(image):
        return image
    return image.convert("RGBA" if _has_transparency(image) else "RGB")


def flattened(image: Image.Image) -> Image.Image:
    """Lay an image with alpha on white; one without is given back as it is."""
    if image.mode not in ("LA", "RGBA"):
        return image
    opaque = Image.new(image.mode[:-1], image.size, "white")
    opaque.paste(image.convert(opaque.mode), mask=image.getchannel("A"))
    return opaque


def _has_transparency(image: Image.Image) -> bool:
    return bool(image.has_transparency_data)


def _from_wide_samples(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and float samples to 8 bits.

    16-bit ones from their full range, the others from the smallest common range that holds them.
    """
    wide = image.convert("I") if image.mode.startswith("I;16") else image
    if image.mode.startswith("I;16"):
        white = 65535.0
    else:
        _, highest = wide.getextrema()
        white = next((top for top in _RANGES if highest <= top), _RANGES[-1])  # type: ignore[operator]
        white = white if image.mode == "F" else max(white, 255.0)
    grey = wide.convert("F").point(lambda sample: sample * (255.0 / white) + 0.5).convert("L")
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    alpha = ImageMath.lambda_eval(lambda args: (args["wide"] != key) * 255, wide=wide).convert("L")
    return Image.merge("LA", (grey, alpha))
