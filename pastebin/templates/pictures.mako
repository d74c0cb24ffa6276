## Pictures of images, cut to a box.
<%!
WALL = {"width": 400, "height": 300, "sizes": "(max-width: 40rem) 45vw, 16rem"}
ROW = {"width": 144, "height": 144, "sizes": "3rem"}
%>

## One for a wall, or for a row of a list. What is seen first is not kept waiting.
<%def name="tile(file, layout, is_first=False)">\
${cut(file, **(WALL if layout == "grid" else ROW), is_first=is_first)}\
</%def>

## One in two sizes, of which small screens load the half. A photo comes as AVIF, half of the bytes; what moves stays
## a GIF, which is made quicker.
<%def name="cut(file, width, height, sizes=WALL['sizes'], is_first=False)"><%
source = f"{page.path('i', file.filehash)}?fit=crop"
usual = "" if file.mimetype == "image/gif" else "&format=webp"
both = ((max(1, width // 2), max(1, height // 2)), (width, height))

def choice(form):
    return ", ".join(f"{source}&w={w}&h={h}{form} {w}w" for w, h in both)
%>\
% if file.mimetype == "image/jpeg":
<picture><source type="image/avif" srcset="${choice('&format=avif&q=50')}" sizes="${sizes}">\
% endif
<img src="${source}&w=${width}&h=${height}${usual}" srcset="${choice(usual)}" sizes="${sizes}" alt=""${' fetchpriority="high"' if is_first else ' loading="lazy"' | n}>\
% if file.mimetype == "image/jpeg":
</picture>\
% endif
</%def>
