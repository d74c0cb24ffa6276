## What can be done with an image: a larger look, and the form for any size and crop with what comes of it.
<%namespace name="icons" file="../icons.mako"/>
<%namespace name="parts" file="../parts.mako"/>
<%
source = page.path("i", file.filehash)
limits = request.services.limits
megapixels = page.number(limits.max_result_pixels // 1_000_000)
%>
<p class="tools needs-js" data-image-tools>
  <button type="button" class="button" data-key="z" data-zoom disabled>${icons.icon("zoom")}${_("Zoom")}</button>
  <button type="button" class="button" data-crop aria-pressed="false" disabled>${icons.icon("crop")}${_("Crop")}</button>
</p>
<form class="resize" data-image-tools action="${source}" method="get" data-resize data-address="${described['url_i']}" data-copies="${page.path('r', file.filehash)}" data-max-pixels="${limits.max_result_pixels}">
  <h2>${_("Resize and crop")}</h2>
  <p class="presets needs-js" role="group" aria-label="${_('Presets')}">
    <button type="button" class="chip" data-preset="256x256" disabled>${_("Avatar")} <small>256 × 256</small></button>
    <button type="button" class="chip" data-preset="1500x500" disabled>${_("Banner")} <small>1500 × 500</small></button>
    <button type="button" class="chip" data-preset="320x240" disabled>${_("Thumbnail")} <small>320 × 240</small></button>
    <button type="button" class="chip" data-preset="" disabled>${_("Original")}</button>
  </p>
  <div class="fields">
    <div class="field"><label for="w">${_("Width")}</label><input id="w" name="w" type="number" min="1" max="${limits.max_side}" inputmode="numeric" placeholder="${preview.width}" autocomplete="off"></div>
    <div class="field"><label for="h">${_("Height")}</label><input id="h" name="h" type="number" min="1" max="${limits.max_side}" inputmode="numeric" placeholder="${preview.height}" autocomplete="off"></div>
    <div class="field"><label for="fit">${_("Fill or fit")}</label>
      <select id="fit" name="fit" autocomplete="off">
        <option value="">${_("Automatic")}</option>
        <option value="crop">${_("Crop to fill")}</option>
        <option value="contain">${_("Fit inside")}</option>
      </select></div>
    <div class="field"><label for="format">${_("Format")}</label>
      <select id="format" name="format" autocomplete="off">
        <option value="">${_("As it is")}</option>
        <option value="jpeg">JPEG</option><option value="png">PNG</option><option value="webp">WebP</option><option value="avif">AVIF</option>
      </select></div>
  </div>
  <fieldset class="region" data-region hidden disabled>
    <legend>${_("Crop area (pixels)")}</legend>
    <div class="fields">
      <div class="field"><label for="ratio">${_("Ratio")}</label>
        <select id="ratio" data-ratio autocomplete="off">
          <option value="">${_("Free")}</option><option value="original">${_("As the image")}</option>
          <option value="1:1">1 : 1</option><option value="4:3">4 : 3</option><option value="3:2">3 : 2</option>
          <option value="16:9">16 : 9</option><option value="3:1">3 : 1</option><option value="9:16">9 : 16</option>
        </select></div>
      <div class="field"><label for="x">${_("X")}</label><input id="x" name="x" type="number" min="0" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="y">${_("Y")}</label><input id="y" name="y" type="number" min="0" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="cw">${_("Width")}</label><input id="cw" name="cw" type="number" min="1" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="ch">${_("Height")}</label><input id="ch" name="ch" type="number" min="1" inputmode="numeric" autocomplete="off"></div>
    </div>
  </fieldset>
  <div class="result needs-js">
    <p class="result-picture"><canvas data-result-picture width="240" height="180" role="img" aria-label="${_('The result')}"></canvas></p>
    <div class="result-main">
      <p><output class="result-size" data-result-size for="w h fit x y cw ch" aria-label="${_('Size of the result')}"></output></p>
      ${parts.copy_field("resized", _("Link to the result"), described["url_i"])}
    </div>
  </div>
  <p class="wrong needs-js" role="alert" data-result-fault data-too-large="${_('The result is too large: at most {side} pixels a side and {megapixels} million in all.', side=page.number(limits.max_side), megapixels=megapixels)}" data-failed="${_('The copy could not be made. Try again.')}" hidden></p>
  <p class="buttons">
    <a class="button primary needs-js" data-result-download href="${source}" download="${file.filename}">${icons.icon("download")}${_("Download")}</a>
    <button type="button" class="button needs-js" data-result-save disabled>${icons.icon("file")}${_("Save as a file")}</button>
    <button class="button" data-result-open>${icons.icon("eye")}${_("Open")}</button>
    <button type="button" class="quiet needs-js" data-result-reset disabled>${icons.icon("undo")}${_("Reset")}</button>
  </p>
</form>
<div class="crop needs-js" data-cropper hidden role="group" tabindex="0" aria-label="${_('Part of the image. Arrow keys move it, with Shift they change its size.')}">
  <span data-handle="nw"></span><span data-handle="ne"></span><span data-handle="sw"></span><span data-handle="se"></span>
  <span data-handle="n"></span><span data-handle="s"></span><span data-handle="w"></span><span data-handle="e"></span>
</div>
