/* Nothing typed is lost: text of POST forms is kept in this tab until the server has taken it.

   A page that follows a sent form without refusing it has taken the text; a refusal (`data-refused` on body), a sign-in page,
   a crash or a way back has not, and the form offers the text again. */
const PREFIX = "typed:";
const FIELDS = "textarea, input:is([type=text], [type=email], [type=url], [type=number], [type=date], [type=time], :not([type]))";
const SECRET = "[autocomplete=one-time-code], [autocomplete^=cc-], [data-keep=no], [data-keep=no] *, [readonly], [disabled]";
const { liveAs = "", refused } = document.body.dataset;

const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name && !field.matches(SECRET));
const formsOf = (root) => [...root.querySelectorAll("form[method=post i]")].filter((form) => fieldsOf(form).length);

function keyOf(form) {
  const forms = formsOf(document);
  return `${PREFIX}${liveAs}:${location.pathname}:${form.id || form.getAttribute("action") || forms.indexOf(form)}`;
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, entry) {
  try {
    sessionStorage.setItem(key, JSON.stringify(entry));
  } catch {
    return;
  }
}

function entries() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function keep(form, sent = false) {
  const typed = {};
  fieldsOf(form).forEach((field, place) => {
    if (field.value !== field.defaultValue) typed[`${field.name}#${place}`] = field.value;
  });
  if (Object.keys(typed).length) write(keyOf(form), { typed, sent });
  else sessionStorage.removeItem(keyOf(form));
}

function restore(form) {
  const entry = read(keyOf(form));
  if (!entry) return;
  let restored = 0;
  fieldsOf(form).forEach((field, place) => {
    const text = entry.typed[`${field.name}#${place}`];
    if (text === undefined || field.value !== field.defaultValue || field.value === text) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    restored += 1;
  });
  if (restored) offer(form);
}

function offer(form) {
  const words = document.getElementById("words-kept");
  if (!words) return;
  const note = words.content.cloneNode(true).firstElementChild;
  note.querySelector("button").addEventListener("click", () => {
    form.reset();
    note.remove();
  });
  form.before(note);
}

/* Decide what the page before this one did with what was sent to it. */
function settle() {
  const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const key of entries()) {
    const entry = read(key);
    if (!entry?.sent) continue;
    if (refused !== undefined) write(key, { ...entry, sent: false });
    else if (arrived) sessionStorage.removeItem(key);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && event.isTrusted) keep(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forgets]")) entries().forEach((key) => sessionStorage.removeItem(key));
  else if (form.method === "post" && fieldsOf(form).length) keep(form, true);
});

document.addEventListener("reset", (event) => sessionStorage.removeItem(keyOf(event.target)));

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form && event.detail.successful && event.detail.requestConfig.verb === "post") sessionStorage.removeItem(keyOf(form));
});

settle();
if (refused === undefined) formsOf(document).forEach(restore);
