/* Small comforts on top of pages that work without them: menus, dialogs, the search key, filters, toasts, focus. */
const TOAST_STAYS = 10000;
const openMenus = () => document.querySelectorAll("details.menu[open]");

function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

function isTyping(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

/* A message whose translated words wait in a <template> of the page. */
function toast(wordsId) {
  const words = document.getElementById(wordsId);
  const box = document.querySelector(".toasts");
  if (words && box) box.append(words.content.cloneNode(true));
}

/* What scrolls must be reachable by keyboard; what is current must be in sight. */
function settle(root) {
  for (const box of root.querySelectorAll(".table-scroll, .gantt, .code, .kept, .stick")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  }
  for (const bar of root.querySelectorAll(".tabs, .topnav")) {
    const current = bar.querySelector("[aria-current]");
    if (current && bar.scrollWidth > bar.clientWidth) {
      bar.scrollBy({ left: current.getBoundingClientRect().x - bar.getBoundingClientRect().x - 24 });
    }
  }
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) close(menu, false);
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) close(menu, menu.contains(document.activeElement));
  }
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    const search = document.querySelector(".search input");
    if (search?.offsetParent) {
      event.preventDefault();
      search.select();
    }
  }
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => toast("words-failed"));
}
for (const done of ["htmx:afterRequest", "htmx:sendError"]) {
  document.addEventListener(done, (event) => {
    for (const button of event.target.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}
document.addEventListener("allauth.error", () => toast("words-key"));
document.addEventListener("htmx:load", (event) => settle(event.target));

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const added of addedNodes) if (added.nodeType === Node.ELEMENT_NODE) leave(added);
  }
}).observe(document.querySelector(".toasts") ?? document.createElement("div"), { childList: true });

/* A toast goes by itself, unless somebody is at it. */
function leave(shown) {
  setTimeout(() => (shown.matches(":hover, :focus-within") ? leave(shown) : shown.remove()), TOAST_STAYS);
}

for (const shown of document.querySelectorAll(".toast")) leave(shown);
settle(document);
document.querySelector("[data-focus]")?.focus();
