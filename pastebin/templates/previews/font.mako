## A font's letters.
<%namespace name="parts" file="../parts.mako"/>
${parts.drawn(file)}
<p class="work"><strong><bdi>${preview.family}</bdi></strong> <bdi>${preview.style}</bdi></p>
