"""Small files of each kind, made here."""

import io
import math
import struct
import wave
import zipfile

from PIL import Image


def image(width: int, height: int, kind: str) -> bytes:
    """Return an image with a gradient."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind)
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """Return a PNG."""
    return image(width, height, "PNG")


def pdf() -> bytes:
    """Return a PDF of one page."""
    return image(300, 400, "PDF")


def animation() -> bytes:
    """Return a GIF of five frames."""
    frames = [Image.new("RGB", (80, 60), (40 * n, 80, 120)) for n in range(5)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=60, loop=0)
    return out.getvalue()


def sound() -> bytes:
    """Return three seconds of a tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(n / 5))) for n in range(24000)))
    return out.getvalue()


def archive(*names: str) -> bytes:
    """Return a zip file with a small text under each name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as writer:
        for name in names:
            writer.writestr(name, f"content of {name}")
    return out.getvalue()


# Records a canvas for a second, as WebM.
VIDEO = """
async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 120];
  const brush = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.start(200);
  for (let n = 0; n < 20; n += 1) {
    brush.fillStyle = `hsl(${n * 18} 60% 50%)`;
    brush.fillRect(0, 0, 160, 120);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}
"""
