// The desk's keys, suggestions, endless paging, picking and copying. Every page works without it.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const base = document.body.dataset.base;

export function say(text) {
  const toast = $(".toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 2600);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Outside of https the clipboard has only this door.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what}: ${text.length > 90 ? text.slice(0, 90) + "…" : text}`);
}

// ---- The box: suggestions while typing, chips that go back into it.
const form = $(".search");
const input = form && $("input[name=add]", form);

function rest() {
  return $$(".chips a[data-term]", form).map((chip) => chip.dataset.term).join(" ");
}

function keepRest() {
  let kept = $("input[name=q]", form);
  if (!kept) {
    kept = Object.assign(document.createElement("input"), { type: "hidden", name: "q" });
    form.append(kept);
  }
  kept.value = rest();
}

function takeBack(chip) {
  input.value = `${chip.dataset.term} ${input.value}`.trim();
  chip.closest("li").remove();
  keepRest();
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
}

function suggestions() {
  const list = Object.assign(document.createElement("ul"), { className: "offers", id: "offers", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  let offers = [], offered = "", at = -1, timer, asking;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function mark(n) {
    at = n;
    $$("li", list).forEach((li, i) => li.setAttribute("aria-selected", String(i === n)));
    const li = list.children[n];
    if (li) { input.setAttribute("aria-activedescendant", li.id); li.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  }
  function take(n, submit) {
    const offer = offers[n];
    const goesOn = offer.text.endsWith(":");
    input.value = input.value.slice(0, offer.start) + offer.text + (goesOn ? "" : " ") + input.value.slice(offer.end + input.value.length - offered.length).trimStart();
    close();
    input.focus();
    if (goesOn) ask(); else if (submit) form.requestSubmit();
  }
  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const typed = input.value;
    if (!typed.trim()) return close();
    try {
      const address = new URL(form.dataset.suggest, location.href);
      address.search = new URLSearchParams({ q: typed, cursor: String([...typed.slice(0, input.selectionStart)].length) });
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return close();
      offers = (await answer.json()).suggestions;
    } catch { return; }
    if (typed !== input.value || document.activeElement !== input) return;
    offered = typed;
    list.replaceChildren(...offers.map((offer, i) => {
      const li = document.createElement("li");
      li.id = `offer${i}`;
      li.className = `c-${offer.accent}`;
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", "false");
      const [field, label, photos] = ["b", "span", "i"].map((tag) => document.createElement(tag));
      field.textContent = offer.field === "field" ? offer.text : offer.field || "words";
      label.textContent = offer.label;
      label.dir = "auto";
      photos.textContent = offer.photos == null ? "" : offer.photos.toLocaleString("en");
      li.append(field, label, photos);
      li.addEventListener("mousedown", (event) => { event.preventDefault(); take(i, true); });
      return li;
    }));
    at = -1;
    list.hidden = !offers.length;
    input.setAttribute("aria-expanded", String(offers.length > 0));
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && !input.value && $(".chip", form)) {
      event.preventDefault();
      takeBack($$(".chips a[data-term]", form).at(-1));
    } else if (event.key === "Escape") {
      if (list.hidden) input.blur(); else close();
    } else if (list.hidden) {
      if (event.key === "ArrowDown") { event.preventDefault(); if (input.value.trim()) ask(); else { input.blur(); step(0); } }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark((at + (event.key === "ArrowDown" ? 1 : offers.length + 1)) % (offers.length + 1) - (event.key === "ArrowUp" && at === -1 ? 1 : 0));
      if (at >= offers.length) mark(-1);
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(Math.max(at, 0), false);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(at, true);
    }
  });
}

if (form) {
  suggestions();
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("a[data-term]");
    if (chip && !event.ctrlKey && !event.metaKey) { event.preventDefault(); takeBack(chip); }
  });
}

// ---- Facets: a way to leave a value out, made when it is wanted.
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const li = event.target.closest?.(".facet li");
    if (!li || !form || !li.closest(".facets") || $(".no, .on", li)) return;
    const link = $("a", li);
    // A facet's link is the search and one term more; a bar's has its own term in place of other dates.
    const term = link.dataset.term ?? new URL(link.href).searchParams.get("q").slice(rest().length).trim();
    const address = new URL(location.href);
    address.searchParams.set("q", `${rest()} -${term}`.trim());
    for (const name of ["add", "type", "after"]) address.searchParams.delete(name);
    const no = Object.assign(document.createElement("a"), { className: "no", href: address, textContent: "−", title: `Leave out ${term}` });
    no.setAttribute("aria-label", `Leave out ${term}`);
    link.after(no);
  });
}

// ---- Pictures: walking, picking, opening.
const cards = () => $$("#photos > .card");
let here = -1;

function step(to) {
  const all = cards();
  if (!all.length) return;
  const next = Math.max(0, Math.min(all.length - 1, to));
  all[here]?.classList.remove("here");
  here = next;
  all[here].classList.add("here");
  $(".pic", all[here]).focus({ preventScroll: true });
  all[here].scrollIntoView({ block: "nearest" });
}

function aboveOrBelow(direction) {
  const all = cards();
  if (here < 0) return step(0);
  const now = all[here].getBoundingClientRect();
  let best = -1, least = Infinity;
  all.forEach((card, i) => {
    const box = card.getBoundingClientRect();
    const rows = (box.top - now.top) * direction;
    const away = rows * 10 + Math.abs(box.left - now.left);
    if (rows > 4 && away < least) { least = away; best = i; }
  });
  if (best >= 0) step(best);
}

// ---- A closer look: the picture large, its caption whole, without leaving the sheet.
const looking = $("#look");
let lookedAt = 0;
// Closing gives the focus back to where it was opened; the walk goes on from what was looked at last.
looking?.addEventListener("close", () => step(lookedAt));
async function look() {
  const card = cards()[lookedAt = Math.max(here, 0)];
  if (!card) return;
  const pic = $(".pic", card), shown = document.createElement("div");
  const answer = await fetch(`${pic.href}.json`);
  if (!answer.ok) return say("This picture is not here any more.");
  const img = $("img", pic)?.cloneNode();
  if (img) { img.loading = "eager"; shown.append(img); }
  const caption = document.createElement("p");
  caption.textContent = (await answer.json()).caption ?? "No caption";
  caption.dir = "auto";
  const about = $(".about", card)?.cloneNode(true);
  shown.append(caption, ...(about ? [about] : []));
  $(".shown", looking).replaceChildren(shown);
  if (!looking.open) looking.showModal();
}

let lastPicked = -1;
function pick(at, on, upTo) {
  const all = cards();
  const range = upTo && lastPicked >= 0 ? [Math.min(at, lastPicked), Math.max(at, lastPicked)] : [at, at];
  for (let i = range[0]; i <= range[1]; i++) { const box = all[i] && $(".pick", all[i]); if (box) box.checked = on; }
  lastPicked = at;
  showPicked();
}

const picked = () => $$(".pick:checked").map((box) => box.closest(".card"));
function showPicked() {
  const bar = $(".picked");
  if (!bar) return;
  const n = picked().length;
  bar.hidden = !n;
  $("[data-picked]", bar).textContent = `${n} picked`;
  $("#photos")?.classList.toggle("picking", n > 0);
}

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("#photos > .card");
  if (!card) return;
  const all = cards();
  all[here]?.classList.remove("here");
  here = all.indexOf(card);
});
document.addEventListener("click", (event) => {
  if (event.target.matches?.(".pick")) pick(cards().indexOf(event.target.closest(".card")), event.target.checked, event.shiftKey);
  if (event.target.closest?.("#photos .pic")) {
    sessionStorage.setItem("cutline", JSON.stringify({ from: location.href, ids: cards().map((card) => card.dataset.id) }));
  }
});

// ---- Endless paging: the plain link to the next page is followed when it comes near.
const more = $("#more");
if (more && "IntersectionObserver" in window) {
  let busy = false;
  new IntersectionObserver(async ([seen]) => {
    const link = $("a[rel=next]", more);
    if (!seen.isIntersecting || busy || !link) return;
    busy = true;
    try {
      const address = new URL(link.href);
      address.searchParams.set("part", "1");
      const answer = await fetch(address);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      $("#photos").append(...page.querySelectorAll("#photos > .card"));
      const next = page.querySelector("#more a");
      if (next) link.href = next.getAttribute("href"); else link.remove();
    } finally { busy = false; }
  }, { rootMargin: "1200px" }).observe(more);
}

// ---- A photo: its neighbours in the list it was opened from; stretches and rows light each other.
const photo = $("[data-photo]");
if (photo) {
  let list = null;
  try { list = JSON.parse(sessionStorage.getItem("cutline")); } catch { /* no list, no neighbours */ }
  const at = list?.ids?.indexOf(photo.dataset.photo) ?? -1;
  const neighbour = (by) => at >= 0 && list.ids[at + by] ? new URL(`photo/${list.ids[at + by]}`, new URL(base, location.href)) : null;
  if (at >= 0) {
    $("[data-back]").href = list.from;
    const bar = document.createElement("span");
    for (const [by, key, name] of [[-1, "k", "before"], [1, "j", "next"]]) {
      const to = neighbour(by);
      if (!to) continue;
      const a = Object.assign(document.createElement("a"), { href: to });
      a.append(Object.assign(document.createElement("kbd"), { textContent: key }), ` ${name}`);
      bar.append(a, " ");
    }
    bar.append(`${at + 1} of ${list.ids.length}`);
    $("[data-back]").after(bar);
  }
  document.addEventListener("keydown", (event) => {
    if (typing(event)) return;
    const to = { j: neighbour(1), ArrowRight: neighbour(1), k: neighbour(-1), ArrowLeft: neighbour(-1), u: $("[data-back]").href }[event.key];
    if (to) { event.preventDefault(); location.href = to; }
  });
  const light = (event) => {
    const of = event.target.closest?.("[data-s]");
    const ids = new Set(event.type.endsWith("out") || !of ? [] : of.dataset.s.split(" "));
    for (const el of $$("[data-s]")) el.classList.toggle("lit", el.dataset.s.split(" ").some((id) => ids.has(id)));
  };
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) photo.addEventListener(kind, light);
}

// ---- Keys and buttons for everybody.
function typing(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]:not(#look)");
}

const credit = () => {
  const card = document.activeElement?.closest?.(".card") ?? cards()[here];
  return card ? $(".pic", card).dataset.credit : $("[data-copy]")?.dataset.copy;
};

const does = {
  keys: () => $("#keys").showModal(),
  close: (el) => el.closest("dialog").close(),
  link: () => copy(location.href, "Link copied"),
  credits: () => copy(picked().map((card) => $(".pic", card).dataset.credit).join("\n"), "Credits copied"),
  ids: () => copy(picked().map((card) => $(".pic", card).href).join("\n"), "Links copied"),
  csv: () => { location.href = new URL(`search.csv?${picked().map((card) => `id=${card.dataset.id}`).join("&")}`, new URL(base, location.href)); },
  unpick: () => { for (const card of picked()) $(".pick", card).checked = false; showPicked(); },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do], [data-copy]");
  if (!button) return;
  if (button.dataset.copy) copy(button.dataset.copy, "Copied"); else does[button.dataset.do]?.(button);
});

document.addEventListener("keydown", (event) => {
  if (typing(event)) return;
  const walk = (to) => { step(to); if (looking?.open) look(); };
  const act = {
    "/": () => { input?.focus(); input?.select(); },
    "?": does.keys,
    c: () => { const line = credit(); if (line) copy(line, "Credit copied"); },
    x: () => { const box = cards()[here] && $(".pick", cards()[here]); if (box) pick(here, !box.checked); },
    X: () => { if (cards()[here] && $(".pick", cards()[here])) pick(here, true, true); },
    ...(looking?.open ? { " ": () => looking.close(), Enter: () => $(".pic", cards()[here]).click() } : {}),
    ...(looking && !looking.open && here >= 0 && !event.target.matches?.("button, summary, .pick") ? { " ": look } : {}),
    ...(photo ? {} : {
      j: () => walk(here + 1), k: () => walk(here - 1),
      ArrowRight: () => walk(here + 1), ArrowLeft: () => walk(here - 1),
      ArrowDown: () => aboveOrBelow(1), ArrowUp: () => aboveOrBelow(-1),
    }),
  }[event.key];
  if (!act || (event.key === " " && !cards().length) || (!photo && event.key.startsWith("Arrow") && !cards().length)) return;
  event.preventDefault();
  act();
});

document.documentElement.classList.add("live");
