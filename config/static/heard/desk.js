"use strict";
// Keys of the desk. A page marks its rows with data-row and what a key does with data-key: a click is what they share.
(() => {
  document.documentElement.classList.add("js");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector("[data-row].current");
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");
  let waitsForPage = false;

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
    all.forEach((row) => row.classList.toggle("current", row === next));
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    // A control of the current row comes before one of the page.
    const control = current()?.querySelector(`[data-key="${CSS.escape(key)}"]`)
      || [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => !one.closest("[data-row]"));
    if (!control || control.disabled) return false;
    if (control.matches("input:not([type=checkbox]), select, textarea, [data-key-focus]")) control.focus();
    else control.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waitsForPage) {
      waitsForPage = false;
      const place = { r: "/", m: "/roadmap/", p: "/map/", v: "/review/", a: "/accounts/", l: "/log/", w: "/what-if/" }[event.key];
      if (place) location.assign(place);
      return;
    }
    if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
    else if (event.key === "g") waitsForPage = true;
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    // Enter on a link or a button is the browser's.
    else if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
    else if (!press(event.key)) return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) document.getElementById("keys")?.showModal();
  });

  // A look at the receipt below the row; the same key closes it again. With another button the link opens as links do.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-peek]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest("tr");
    if (row.nextElementSibling?.matches(".peek")) row.nextElementSibling.remove();
    else htmx.ajax("GET", link.dataset.peek, { target: row, swap: "afterend" });
  });

  // A control of a row speaks for its problem.
  document.addEventListener("htmx:configRequest", (event) => {
    const { rowKey } = event.target.dataset;
    if (rowKey) Object.assign(event.detail.parameters, { key: rowKey, next: location.pathname + location.search });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.dataset.rowKey) event.target.className = event.target.className.replace(/status-\w+/, `status-${event.target.value}`);
  });

  // Whoever changes a control marked so has decided: no button to look for.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]") && !event.target.closest("[hx-post], [hx-get]")) event.target.form.requestSubmit();
  });

  // What the server refuses says why, in the place where notices are.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) event.detail.shouldSwap = true;
  });
})();
