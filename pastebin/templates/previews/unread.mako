## An image that only the browser may be able to show.
<figure class="picture">
  <div class="picture-frame">
    <img src="${page.path('i', file.filehash)}" alt="${file.filename}" data-image>
  </div>
  <p class="picture-broken" data-broken hidden>${_("Browsers cannot show this image. It can still be downloaded.")}</p>
</figure>
