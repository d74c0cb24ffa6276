## What the service has counted, as charts and tables.
<%inherit file="layout.mako"/>
<%!
def amount(page, value, is_size):
    """Return a number in words of the reader's language, bytes as a size."""
    return page.size(value) if is_size else page.number(value)
%>
<%namespace name="admin" file="admin_parts.mako"/>
<%
LABELS = {"uploads": _("Files uploaded"), "bytes": _("Bytes uploaded"), "downloads": _("Downloads"), "active": _("Active accounts")}
%>
<%block name="title">${_("Statistics")} · ${_("Administration")}</%block>
<%block name="head">${admin.head()}</%block>
${admin.places("statistics")}
<div class="charge">
  <h1>${_("Statistics")}</h1>
  <nav class="view-links" aria-label="${_('Period')}">
% for number in periods:
    <a href="?days=${number}"${' aria-current="true"' if number == period else '' | n}>${plural("{number} day", "{number} days", number)}</a>
% endfor
  </nav>
  <div class="charts">
% for name, is_size in charts:
    ${chart(LABELS[name], [getattr(day, name) for day in days], is_size)}
% endfor
  </div>
  <p class="buttons">
    <a class="button" href="${page.home}admin/statistics.xlsx?days=${period}">${_("Download as XLSX")}</a>
    <a class="button" href="${page.home}admin/statistics.csv?days=${period}">${_("Days as CSV")}</a>
    <a class="button" href="${page.home}admin/statistics.csv?days=${period}&amp;table=months">${_("Months as CSV")}</a>
    <a class="button" href="${page.home}admin/statistics.csv?days=${period}&amp;table=files">${_("Files as CSV")}</a>
  </p>
  <section class="panel" aria-labelledby="top">
    <h2 id="top">${plural("Most downloaded in {number} day", "Most downloaded in {number} days", top_days)}</h2>
% if top:
    <div class="scroll" tabindex="0" role="group" aria-labelledby="top">
    <table class="plain">
      <thead><tr><th scope="col">${_("File")}</th><th scope="col" class="number">${_("Size")}</th><th scope="col" class="number">${_("Downloads")}</th></tr></thead>
      <tbody>
% for one in top:
        <tr><td class="wrap name"><a href="${page.home}admin/files/${one.file.filehash}"><bdi>${one.file.heading}</bdi></a></td><td class="number">${page.size(one.file.size)}</td><td class="number">${page.number(one.downloads)}</td></tr>
% endfor
      </tbody>
    </table>
    </div>
% else:
    <p class="hint">${_("Nothing was downloaded yet.")}</p>
% endif
  </section>
  <section class="panel" aria-labelledby="months">
    <h2 id="months">${_("Active accounts by month")}</h2>
    <p class="hint">${_("Accounts that uploaded something.")}</p>
% if months:
    <div class="scroll" tabindex="0" role="group" aria-labelledby="months">
    <table class="plain">
      <thead><tr><th scope="col">${_("Month")}</th><th scope="col" class="number">${_("Accounts")}</th></tr></thead>
      <tbody>
% for one in months:
        <tr><td>${one.month}</td><td class="number">${page.number(one.active)}</td></tr>
% endfor
      </tbody>
    </table>
    </div>
% endif
  </section>
  <section class="panel" aria-labelledby="by-day">
    <h2 id="by-day">${_("Day by day")}</h2>
    <details class="fold">
      <summary>${_("Show the numbers")}</summary>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="by-day">
      <table class="plain">
        <thead><tr><th scope="col">${_("Day")}</th>\
% for name, is_size in charts:
<th scope="col" class="number">${LABELS[name]}</th>\
% endfor
</tr></thead>
        <tbody>
% for day in reversed(days):
          <tr><td>${day.day.isoformat()}</td>\
% for name, is_size in charts:
<td class="number">${amount(page, getattr(day, name), is_size)}</td>\
% endfor
</tr>
% endfor
        </tbody>
      </table>
      </div>
    </details>
  </section>
</div>

## A bar for each day. The numbers are in the table below the charts, so the drawing has only a summary.
<%def name="chart(label, values, is_size)">
<%
most, total = max(values, default=0), sum(values)
summary = _("{label}: {total} in all, {most} on the busiest day.", label=label, total=amount(page, total, is_size), most=amount(page, most, is_size))
%>
<figure class="chart">
  <figcaption><strong>${label}</strong> <span class="hint">${amount(page, total, is_size)}</span></figcaption>
  <svg viewBox="0 0 ${len(values) * 10} 100" preserveAspectRatio="none" role="img" aria-label="${summary}">
    <line class="chart-ground" x1="0" y1="99.5" x2="${len(values) * 10}" y2="99.5"/>
% for place, value in enumerate(values):
% if value:
    <rect class="chart-bar" x="${place * 10 + 1}" y="${round(100 - 98 * value / most, 2)}" width="8" height="${round(98 * value / most, 2)}"><title>${days[place].day.isoformat()}: ${amount(page, value, is_size)}</title></rect>
% endif
% endfor
  </svg>
  <p class="hint chart-ends"><span>${days[0].day.isoformat()}</span><span>${days[-1].day.isoformat()}</span></p>
</figure>
</%def>
