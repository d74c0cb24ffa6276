/** Times in the reader's own time zone and language. */

const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

/** Return a moment as a person would write it here. */
export function localTime(moment) {
  return form.format(moment);
}

/** Rewrite every `<time datetime>` below `root`; UTC stays as its tooltip. */
export function showLocalTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    element.title = element.textContent;
    element.textContent = localTime(new Date(element.dateTime));
  }
}
