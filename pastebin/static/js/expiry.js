/** The field for when a link ends: scripts add a time of one's own to the usual ones. */

const SECONDS = { m: 60, h: 3600, d: 86400, w: 604800 };
const UNITS = { m: "minute", h: "hour", d: "day", w: "week" };

/** Give every such field below `root` its last choice. */
export function installExpiry(root = document) {
  for (const field of root.querySelectorAll("[data-expiry]")) install(field);
}

function install(field) {
  const select = field.querySelector("[name=expires]");
  const custom = field.querySelector("[data-custom]");
  const [amount, unit] = custom.querySelectorAll("input, select");
  const own = select.appendChild(new Option(custom.dataset.label, ""));
  own.dataset.own = "";
  const show = () => {
    own.value = `${amount.value}${unit.value}`;
    custom.hidden = amount.disabled = !own.selected;
    amount.required = own.selected;
    const { longest } = field.dataset;
    amount.max = longest ? Math.floor(longest / SECONDS[unit.value]) : 999;
  };
  field.addEventListener("input", show);
  field.addEventListener("restore", show);
  show();
}

/** Return the chosen time in words, as `3 days`; "" for the first choice. */
export function chosenTime(field) {
  const [, amount, unit] = /^(\d+)(\w)$/.exec(field.querySelector("[name=expires]").value) ?? [];
  if (!amount) return "";
  const form = { style: "unit", unit: UNITS[unit], unitDisplay: "long" };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(amount);
}
