## Pictures of images, cut to a box.

## One for a wall: small screens load it in half its size. What moves stays a GIF, which is made quicker.
<%def name="cut(file, w, h)"><%
kind = "" if file.mimetype == "image/gif" else "&format=webp"
at, half = (f"{page.path('i', file.filehash)}?w={max(1, w // part)}&h={max(1, h // part)}&fit=crop{kind}" for part in (1, 2))
%>\
<img src="${at}" srcset="${half} ${max(1, w // 2)}w, ${at} ${w}w" sizes="(max-width: 40rem) 45vw, 16rem" alt="" loading="lazy">\
</%def>
