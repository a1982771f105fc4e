// Decisions: every button sends one request, and the page shows what the archive says afterwards.
const $ = (selector, within = document) => within.querySelector(selector);
// By the address that the page loaded it from, digest and all: another one would run it a second time.
const { say } = await import($("script[src*='/desk.js']").src);
const base = new URL(document.body.dataset.base, location.href);
const photo = $("[data-photo]")?.dataset.photo;
const wrong = $("[data-error]");

export async function send(what, body) {
  let answer;
  try {
    answer = await fetch(new URL(`-/cutline/${what}`, base), {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrftoken": document.body.dataset.token, accept: "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    if (wrong) wrong.hidden = true;
    return said;
  } catch (error) {
    const text = error instanceof SyntaxError ? "The server did not answer as it should. Load the page again." : error.message;
    if (wrong) { wrong.textContent = text; wrong.hidden = false; } else say(text);
    return null;
  }
}

export async function sendAndShow(what, body) {
  const made = await send(what, body);
  if (!made) return;
  if (what === "decide") sessionStorage.setItem("cutline-last", made.correction);
  location.reload();
}

const form = $("[data-correct]");
let changing = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-decide], [data-undo], [data-cancel]");
  if (!button) return;
  const { decide, property, old, undo } = button.dataset;
  if (undo) return sendAndShow("undo", { correction: Number(undo) });
  if ("cancel" in button.dataset) { form.hidden = true; changing?.focus(); return; }
  if (decide === "change") {
    changing = button;
    form.hidden = false;
    form.dataset.property = property;
    form.dataset.old = old;
    $("[data-label]", form).textContent = `${button.dataset.label}, in place of ${button.dataset.now}`;
    form.elements.new.value = button.dataset.now;
    form.elements.new.focus();
    form.elements.new.select();
    return;
  }
  const body = { photo: button.dataset.photo ?? photo, property, action: decide, old };
  if (decide === "set") body.new = button.dataset.new;
  sendAndShow("decide", body);
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { property, old, of } = form.dataset;
  sendAndShow("decide", { photo: of ?? photo, property, action: "set", old, new: form.elements.new.value, note: form.elements.note.value });
});
form?.addEventListener("keydown", (event) => { if (event.key === "Escape") { form.hidden = true; changing?.focus(); } });

// Names that the archive knows, offered while a value is typed.
const FIELDS = { unit: "unit", agency: "agency", creator: "by", location_created: "place", pool: "pool", flag: "flag" };
form?.elements.new.addEventListener("input", async ({ target }) => {
  const field = FIELDS[form.dataset.property];
  if (!field || !target.value.trim()) return;
  const address = new URL("suggest.json", base);
  address.searchParams.set("q", `${field}:"${target.value.replaceAll('"', "")}`);
  const answer = await fetch(address);
  if (!answer.ok) return;
  const names = (await answer.json()).suggestions.map((s) => {
    const value = s.text.slice(field.length + 1).replace(/^"|"$/g, "");
    return Object.assign(document.createElement("option"), { value, label: s.label });
  });
  $("#names").replaceChildren(...names);
});

$("[data-add]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { property, new: value } = event.target.elements;
  sendAndShow("decide", { photo, property: property.value, action: "set", new: value.value });
});

$("[data-always]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { kind, name, as } = event.target.elements;
  const body = { kind: kind.value, name: name.value, as: as.value };
  const seen = await send("always", { ...body, preview: true });
  if (!seen) return;
  const box = $("[data-preview]");
  const text = document.createElement("p");
  text.textContent = `“${body.name}” will always be read as ${seen.as.name} (${seen.as.id}). ${seen.photos.toLocaleString("en")} photos change${seen.file ? `; the entry goes into ${seen.file}` : "; no folder for authority files is set, so paste this entry into yours"}.`;
  const list = document.createElement("ul");
  for (const p of seen.first) {
    const a = Object.assign(document.createElement("a"), { href: new URL(`photo/${p.id}`, base), textContent: `${p.verbatim}: ${p.now} → ${seen.as.name}` });
    const li = document.createElement("li");
    li.append(a);
    list.append(li);
  }
  const yaml = Object.assign(document.createElement("textarea"), { className: "yaml", readOnly: true, value: seen.yaml, rows: 3 });
  yaml.setAttribute("aria-label", "The entry as YAML");
  const yes = Object.assign(document.createElement("button"), { className: "primary", type: "button", textContent: `Read it so on ${seen.photos.toLocaleString("en")} photos` });
  yes.addEventListener("click", () => sendAndShow("always", body));
  box.replaceChildren(text, list, yaml, yes);
  box.hidden = false;
  yes.focus();
});

$("[data-confirm]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { q, property } = event.target.elements;
  const done = await send("confirm", { q: q.value, property: property.value });
  if (done) { const box = $("[data-done]"); box.textContent = `${done.confirmed.toLocaleString("en")} confirmed.`; box.hidden = false; }
});

// ---- The review queue: digits choose, y is right, n is wrong, s skips, z takes the last one back.
const queue = $("[data-queue]");
if (queue) {
  document.addEventListener("keydown", async (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
    if (event.key === "z") {
      const last = sessionStorage.getItem("cutline-last");
      if (last && (await send("undo", { correction: Number(last) }))) { sessionStorage.removeItem("cutline-last"); location.reload(); }
      return;
    }
    const button = $(`[data-key="${CSS.escape(event.key)}"]`, queue);
    if (button) { event.preventDefault(); button.click(); }
  });
  queue.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    const made = await send("decide", JSON.parse(button.dataset.choose));
    if (made) { sessionStorage.setItem("cutline-last", made.correction); location.href = queue.dataset.next; }
  });
}

document.documentElement.classList.add("deciding");
