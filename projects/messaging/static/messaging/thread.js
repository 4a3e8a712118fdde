/* An open thread: what is wrong with a message is shown where one types; what arrives out of sight is announced, never scrolled to. */
const latest = document.getElementById("latest");
const pill = document.querySelector(".live");
const isBelow = (element) => element.getBoundingClientRect().top > innerHeight;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { elt, verb } = event.detail.requestConfig;
  if (verb === "post" && elt.matches(".composer")) {
    // The next message starts inside one's own agency again: sharing is chosen each time.
    if (event.detail.xhr.status === 201) elt.querySelector("[value=internal]").checked = true;
    elt.scrollIntoView({ block: "nearest" });
  }
  else if (elt === latest && event.detail.xhr.getResponseHeader("X-Arrived") && isBelow(latest)) pill.hidden = false;
});

if (latest && pill && "IntersectionObserver" in window) {
  new IntersectionObserver(([seen]) => {
    if (seen.isIntersecting) pill.hidden = true;
  }).observe(latest);
}
