/** Times in the reader's own time zone and language. */

const language = document.documentElement.lang;
const FORMS = {
  time: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }),
  date: new Intl.DateTimeFormat(language, { dateStyle: "medium" }),
};

/** Return a moment as a person would write it here. */
export function localTime(moment) {
  return FORMS.time.format(moment);
}

/** Rewrite every `<time datetime>` below `root`; UTC stays as its tooltip. */
export function showLocalTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    element.title = element.textContent;
    element.textContent = FORMS[element.dataset.form ?? "time"].format(new Date(element.dateTime));
  }
}
