// A matrix of two factors with any other choice of the rest. The choice stands in the address, so that it can be sent,
// kept and gone back to. Foreign text is only ever set as text, and links lead to pages of this site alone.
"use strict";
(() => {
  const told = globalThis.trackerVerdicts;
  // What this page is, by its Markdown twin: a server may show it under an address without its suffix.
  const twin = document.querySelector('link[rel="alternate"][type="text/markdown"]').getAttribute("href");
  const [down, across] = told.pages[twin.replace(/^.*\//, "").replace(/\.md$/, "")];
  const others = told.axes.map((axis, place) => place).filter((place) => place !== down && place !== across);
  const title = document.title;
  const usual = [...document.querySelectorAll("main > p")].find((one) => one.textContent.includes("as recommended:"));
  const status = document.createElement("p");
  const selects = new Map();
  const tables = told.capabilities.map((name, place) => ({ place, rows: rowsUnder(name) })).filter((one) => one.rows);

  const newestFirst = Object.keys(told.cells).map((key) => key.split(".").map(Number)).sort((one, other) => {
    const place = one.findIndex((value, at) => value !== other[at]);
    return place < 0 ? 0 : one[place] - other[place];
  });

  function rowsUnder(capability) {
    const heading = [...document.querySelectorAll("main > h2")].find((one) => one.textContent === capability);
    const box = heading && heading.nextElementSibling;
    const rows = box && box.matches(".grid") && [...box.querySelectorAll("tbody tr")];
    return rows && rows.map((row) => [...row.querySelectorAll("td")].map((cell) => ({ cell, usual: [...cell.childNodes] })));
  }

  // What the address asks for: a place for each factor of which it names a live value, and the other factors it names.
  function asked() {
    const given = new URLSearchParams(location.search);
    const chosen = new Map();
    const unknown = [];
    for (const place of others) {
      const words = given.get(told.axes[place].name);
      const found = told.axes[place].values.findIndex(([text]) => text === words);
      if (words && found < 0) {
        unknown.push(told.axes[place].name);
      } else if (words) {
        chosen.set(place, found);
      }
    }
    return { chosen, unknown };
  }

  // Of what is fixed: the two across, and what was chosen.
  function neverMeet(values, fixed) {
    return told.never.some(([one, first, other, second]) =>
      fixed.has(one) && fixed.has(other) && values[one] === first && values[other] === second);
  }

  // The newest combination that works with all that was chosen, by the two values across.
  function workingAside(capability, chosen) {
    const works = told.words.findIndex(([word]) => word === "works");
    const found = new Map();
    for (const values of newestFirst) {
      const pair = `${values[down]}.${values[across]}`;
      const fits = [...chosen].every(([place, value]) => values[place] === value);
      if (fits && !found.has(pair) && told.cells[values.join(".")][capability + 1][0] === works) {
        found.set(pair, values);
      }
    }
    return found;
  }

  function link(values, capability, isAside) {
    const [slug, ...verdicts] = told.cells[values.join(".")];
    const [kind, day, misfit] = verdicts[capability];
    const [word, shape, letter, style] = told.words[kind];
    const seen = day < 0 ? "" : told.days[day];
    const shown = seen.startsWith(told.year) ? seen.slice(5) : seen.slice(0, 7);
    const made = document.createElement("a");
    made.className = `mark mark-${style}`;
    made.textContent = [shape, letter + (isAside ? "*" : ""), shown].filter(Boolean).join(" ");
    made.title = [word, seen && `newest run ${seen}`, isAside && "with other parts"].filter(Boolean).join(", ");
    made.href = slug ? `../combinations/${slug}.html#${told.capabilities[capability]}`
      : misfit < 0 ? `../method.html#${style}` : `../${told.misfits[misfit]}.html#proof`;
    return made;
  }

  function paint(chosen) {
    const fixed = new Set([down, across, ...chosen.keys()]);
    let isUntold = false;
    for (const { place, rows } of tables) {
      const aside = chosen.size ? workingAside(place, chosen) : null;
      rows.forEach((row, first) => row.forEach(({ cell, usual: before }, second) => {
        if (!chosen.size) {
          cell.replaceChildren(...before);
          return;
        }
        const values = told.axes.map((axis, at) => (chosen.has(at) ? chosen.get(at) : told.base[at]));
        values[down] = first;
        values[across] = second;
        if (neverMeet(values, fixed)) {
          cell.textContent = "never meet";
          return;
        }
        const own = told.cells[values.join(".")];
        const other = aside.get(`${first}.${second}`);
        if (other && (!own || told.words[own[place + 1][0]][0] !== "works")) {
          cell.replaceChildren(link(other, place, true));
        } else if (own) {
          cell.replaceChildren(link(values, place, false));
        } else {
          cell.textContent = "–";
          isUntold = true;
        }
      }));
    }
    return isUntold;
  }

  function show() {
    const { chosen, unknown } = asked();
    for (const [place, select] of selects) {
      select.value = chosen.has(place) ? told.axes[place].values[chosen.get(place)][0] : "";
    }
    const isUntold = paint(chosen);
    const parts = others.map((place) => {
      const value = told.axes[place].values[chosen.has(place) ? chosen.get(place) : told.base[place]][1];
      return `${told.axes[place].name} ${value}${chosen.has(place) ? "" : " (recommended)"}`;
    });
    const picked = [...chosen].map(([place, value]) => `${told.axes[place].name} ${told.axes[place].values[value][1]}`);
    document.title = picked.length ? `${picked.join(", ")}: ${title}` : title;
    if (usual) {
      usual.hidden = chosen.size > 0;
    }
    status.textContent = [
      chosen.size && `The cells are with ${parts.join(", ")}.`,
      unknown.length && `The address names no live version of ${unknown.join(", ")}: as recommended.`,
      isUntold && "A dash was not judged for this site: tracker why tells of it.",
    ].filter(Boolean).join(" ");
  }

  function choose() {
    const query = new URLSearchParams(location.search);
    for (const [place, select] of selects) {
      query.delete(told.axes[place].name);
      if (select.value) {
        query.set(told.axes[place].name, select.value);
      }
    }
    const words = query.toString();
    const address = location.pathname + (words ? `?${words}` : "") + location.hash;
    try {
      history.pushState(null, "", address);
    } catch {
      // Some browsers allow that of no page that was opened from a file: it is opened anew.
      location.assign(address);
      return;
    }
    show();
  }

  function field(place) {
    const axis = told.axes[place];
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.append(new Option(`recommended (${axis.values[told.base[place]][1]})`, ""));
    axis.values.forEach(([text, plain]) => select.append(new Option(plain, text)));
    select.addEventListener("change", choose);
    selects.set(place, select);
    label.append(axis.name, " ", select);
    return label;
  }

  const changeable = others.filter((place) => told.axes[place].values.length > 1);
  const box = document.createElement("div");
  box.className = "choose";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "The other parts");
  box.append(...changeable.map(field));
  status.setAttribute("role", "status");
  if (changeable.length) {
    document.querySelector("main > h2").before(box, status);
    addEventListener("popstate", show);
    show();
  }
})();
