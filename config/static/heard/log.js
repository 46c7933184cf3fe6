"use strict";
// One long ticket may hold several wishes: what is selected becomes an item. And the keys that need no mouse.
(() => {
  const form = document.getElementById("log");
  const text = document.getElementById("text");
  const quotes = document.getElementById("quotes");

  const quote = () => {
    const selected = text.value.slice(text.selectionStart, text.selectionEnd).trim();
    if (!selected) { text.focus(); return; }
    const row = document.createElement("li"), field = document.createElement("input");
    const words = document.createElement("span"), drop = document.createElement("button");
    Object.assign(field, { type: "hidden", name: "quote", value: selected });
    words.textContent = `${selected} `;
    Object.assign(drop, { type: "button", className: "btn btn-sm btn-link", textContent: "Drop" });
    drop.dataset.drop = "";
    row.append(field, words, drop);
    quotes.append(row);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-quote]")) quote();
    if (event.target.closest("[data-drop]")) event.target.closest("li").remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    if (!event.altKey) return;
    const nth = document.querySelector(`[data-nth="${CSS.escape(event.key)}"]`);
    if (nth) { event.preventDefault(); nth.click(); }
    if (event.code === "KeyQ") { event.preventDefault(); quote(); }
  });
})();
