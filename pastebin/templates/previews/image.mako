## An image, a larger look at it, and the form that asks for any size and crop.
<%namespace name="icons" file="../icons.mako"/>
<%namespace name="parts" file="../parts.mako"/>
<%
source = page.path("i", file.filehash)
shown = source if preview.is_native else source + "?format=webp&w=1920&h=1920&fit=contain"
%>
<figure class="picture" data-picture data-original="${source}" data-width="${preview.width}" data-height="${preview.height}">
  <div class="picture-frame">
    <img src="${shown}" alt="${file.filename}" width="${preview.width}" height="${preview.height}" data-image>
  </div>
  <p class="picture-broken" data-broken hidden>${_("Browsers cannot show this image. It can still be downloaded.")}</p>
</figure>
<p class="tools needs-js" data-image-tools>
  <button type="button" class="button" data-zoom>${icons.icon("zoom")}${_("Zoom")}</button>
  <button type="button" class="button" data-crop aria-pressed="false">${icons.icon("crop")}${_("Crop")}</button>
</p>
<form class="resize" data-image-tools action="${source}" method="get" data-resize data-address="${described['url_i']}">
  <h2>${_("Any size, by address")}</h2>
  <p class="presets needs-js" role="group" aria-label="${_('Presets')}">
    <button type="button" class="chip" data-preset="256x256">${_("Avatar")} <small>256 × 256</small></button>
    <button type="button" class="chip" data-preset="1500x500">${_("Banner")} <small>1500 × 500</small></button>
    <button type="button" class="chip" data-preset="320x240">${_("Thumbnail")} <small>320 × 240</small></button>
    <button type="button" class="chip" data-preset="">${_("Original")}</button>
  </p>
  <div class="fields">
    <div class="field"><label for="w">${_("Width")}</label><input id="w" name="w" type="number" min="1" max="20000" inputmode="numeric" placeholder="${preview.width}" autocomplete="off"></div>
    <div class="field"><label for="h">${_("Height")}</label><input id="h" name="h" type="number" min="1" max="20000" inputmode="numeric" placeholder="${preview.height}" autocomplete="off"></div>
    <div class="field"><label for="fit">${_("Fit")}</label>
      <select id="fit" name="fit" autocomplete="off">
        <option value="">${_("Automatic")}</option>
        <option value="crop">${_("Fill and cut")}</option>
        <option value="contain">${_("Show all")}</option>
      </select></div>
    <div class="field"><label for="format">${_("Format")}</label>
      <select id="format" name="format" autocomplete="off">
        <option value="">${_("As it is")}</option>
        <option value="jpeg">JPEG</option><option value="png">PNG</option><option value="webp">WebP</option><option value="avif">AVIF</option>
      </select></div>
  </div>
  <fieldset class="region" data-region hidden disabled>
    <legend>${_("Part of the image, in its own pixels")}</legend>
    <div class="fields">
      <div class="field"><label for="ratio">${_("Ratio")}</label>
        <select id="ratio" data-ratio autocomplete="off">
          <option value="">${_("Free")}</option><option value="original">${_("As the image")}</option>
          <option value="1:1">1 : 1</option><option value="4:3">4 : 3</option><option value="3:2">3 : 2</option>
          <option value="16:9">16 : 9</option><option value="3:1">3 : 1</option><option value="9:16">9 : 16</option>
        </select></div>
      <div class="field"><label for="x">${_("From the left")}</label><input id="x" name="x" type="number" min="0" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="y">${_("From the top")}</label><input id="y" name="y" type="number" min="0" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="cw">${_("Part's width")}</label><input id="cw" name="cw" type="number" min="1" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="ch">${_("Part's height")}</label><input id="ch" name="ch" type="number" min="1" inputmode="numeric" autocomplete="off"></div>
    </div>
  </fieldset>
  <div class="resize-foot">
    <div class="needs-js grow">${parts.copy_field("resized", _("Address of the result"), described["url_i"])}</div>
    <p class="buttons"><output class="result-size needs-js" data-result-size for="w h fit x y cw ch" aria-label="${_('Size of the result')}"></output>
    <button class="button">${icons.icon("eye")}${_("Open")}</button></p>
  </div>
</form>
<div class="crop needs-js" data-cropper hidden role="group" tabindex="0" aria-label="${_('Part of the image. Arrow keys move it, with Shift they change its size.')}">
  <span data-handle="nw"></span><span data-handle="ne"></span><span data-handle="sw"></span><span data-handle="se"></span>
  <span data-handle="n"></span><span data-handle="s"></span><span data-handle="w"></span><span data-handle="e"></span>
</div>
<dialog class="zoomed" data-zoomed aria-label="${file.filename}">
  <div class="zoomed-view" data-zoomed-view tabindex="0" role="region" aria-label="${_('Image. Plus and minus zoom, arrow keys move.')}"></div>
  <p class="zoomed-bar">
    <button type="button" class="button" data-zoom-by="-1" aria-label="${_('Smaller')}">−</button>
    <button type="button" class="button" data-zoom-by="0">${_("Fit")}</button>
    <button type="button" class="button" data-zoom-by="1" aria-label="${_('Larger')}">+</button>
    <output data-zoom-level></output>
    <button type="button" class="button" data-zoom-close>${icons.icon("close")}${_("Close")}</button>
  </p>
</dialog>
