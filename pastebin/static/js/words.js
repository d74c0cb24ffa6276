/** The page's own words in the reader's language, from the JSON block that the server wrote. */

const words = JSON.parse(document.getElementById("words").textContent);

/** Return a message with its `{names}` filled in. */
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Tell whether there is a message for a key. */
export function knows(key) {
  return Object.hasOwn(words, key);
}
