/** A collection of files that are here, made with their management keys, and its links where they are shown. */
import { showAddress } from "./share.js";

/** Return the key at the end of a management address. */
export const keyOf = (address) => address.split("/").pop();

/**
 * Make a collection.
 * @param {string} address where collections are made
 * @param {{key: string, path: string}[]} files
 * @param {Record<string, string>} [terms]
 * @returns {Promise<{url_c: string, url_m: string}>} an Error with the server's words if it refuses
 */
export async function collect(address, files, terms = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify({ ...terms, files }) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error?.message);
  return said;
}

/** Show the links of a collection in a panel that has places for them. */
export function showLinks(panel, made) {
  showAddress(panel.querySelector("[data-together-url_c] a"), made.url_c);
  panel.querySelector("[data-together-url_m] input").value = made.url_m;
  panel.querySelector("[data-together-show]").href = made.url_c;
  panel.querySelector("[data-together-manage]").href = made.url_m;
  panel.hidden = false;
}
