## An image in the size that the page shows, and a larger look at it.
<%namespace name="zoomed" file="../zoomed.mako"/>
<%
source = page.path("i", file.filehash)
shown = source if preview.is_native else source + "?format=webp&w=1920&h=1920&fit=contain"
smaller = [f"{source}?w={width}&format=webp&q=70 {width}w" for width in preview.widths]
if smaller and file.width <= 1920:
    smaller.append(f"{source} {file.width}w")
room = f"75vh * {file.width} / {file.height}"
sizes = f"(min-width: 62rem) min(min(100vw, 80rem) - 28rem, {room}), min(100vw - 2rem, {room})"
# AVIF takes longer to make and half of the bytes: worth it on a phone, in the sizes that one shows.
on_phones = [f"{source}?w={width}&format=avif&q=50 {width}w" for width in preview.widths if width <= 1200]
%>
<figure class="picture" data-picture${' data-opaque' if file.mimetype == 'image/jpeg' else '' | n} data-original="${source}" data-width="${preview.width}" data-height="${preview.height}">
  <div class="picture-frame">
    <svg class="picture-room" width="${preview.width}" height="${preview.height}" viewBox="0 0 ${preview.width} ${preview.height}" aria-hidden="true"></svg>
    <picture>
% if on_phones:
      <source type="image/avif" media="(max-width: 48rem)" srcset="${", ".join(on_phones)}" sizes="${sizes}">
% endif
      <img src="${shown}"\
% if smaller:
 srcset="${", ".join(smaller)}" sizes="${sizes}"\
% endif
 alt="${file.filename}" width="${preview.width}" height="${preview.height}" fetchpriority="high" data-image>
    </picture>
  </div>
  <p class="picture-broken" data-broken hidden>${_("Browsers cannot show this image. It can still be downloaded.")}</p>
</figure>
${zoomed.dialog(file.filename)}
