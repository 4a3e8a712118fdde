/* Puts a placeholder where the writer left the cursor; without this script it can be copied. */
const field = document.querySelector("textarea[name=text]");

if (field && !field.disabled) {
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}
