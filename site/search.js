// The search page: a field, and what the index in pagefind/ knows of its words. Foreign text is only ever set as text.
"use strict";
const MOST = 30;
const main = document.getElementById("content");
const form = document.createElement("form");
const label = document.createElement("label");
const field = document.createElement("input");
const status = document.createElement("p");
const list = document.createElement("ol");
let asked = 0;

function show(found, total, words) {
  list.replaceChildren(...found.map(result));
  const more = total > found.length ? `, the first ${found.length} are shown` : "";
  status.textContent = words ? `${total} found for “${words}”${more}.` : "";
}

function result(one) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const text = document.createElement("p");
  // The index was made of this site's own pages, and leads nowhere else.
  const target = new URL(one.url, location.href);
  link.href = target.origin === location.origin ? target.pathname : "index.html";
  link.textContent = one.meta.title || target.pathname;
  text.textContent = one.raw_content ? one.raw_content.slice(0, 240) : "";
  item.append(link, text);
  return item;
}

async function search(pagefind, words) {
  const turn = ++asked;
  const answer = words ? await pagefind.search(words) : { results: [] };
  const found = await Promise.all(answer.results.slice(0, MOST).map((one) => one.data()));
  if (turn === asked) {
    show(found, answer.results.length, words);
  }
}

async function begin() {
  const pagefind = await import("./pagefind/pagefind.js");
  await pagefind.options({ baseUrl: new URL(".", location.href).pathname });
  await pagefind.init();
  form.setAttribute("role", "search");
  label.htmlFor = "words";
  label.textContent = "Words, a name or a version";
  field.id = "words";
  field.type = "search";
  field.name = "q";
  field.autocomplete = "off";
  status.setAttribute("role", "status");
  form.append(label, " ", field);
  main.append(form, status, list);
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => search(pagefind, field.value.trim()));
  field.value = new URLSearchParams(location.search).get("q") || "";
  await search(pagefind, field.value.trim());
  field.focus();
}

if (location.protocol !== "file:") {
  begin().catch((error) => {
    status.textContent = `The search index cannot be read: ${error.message}`;
    main.append(status);
  });
}
