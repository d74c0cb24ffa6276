## Pictures of images, cut to a box.

## One for a wall: small screens load it in half its size. What moves stays a GIF, which is made quicker.
<%def name="cut(file, w, h)"><%
kind = "" if file.mimetype == "image/gif" else "&format=webp"
sizes = ((max(1, w // 2), max(1, h // 2)), (w, h))
half, whole = (f"{page.path('i', file.filehash)}?w={width}&h={height}&fit=crop{kind}" for width, height in sizes)
%>\
<img src="${whole}" srcset="${half} ${sizes[0][0]}w, ${whole} ${w}w" sizes="(max-width: 40rem) 45vw, 16rem" alt="" loading="lazy">\
</%def>
