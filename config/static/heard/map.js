"use strict";
// Zoom, drag, and a card for the bubble under the pointer or the focus. Without it the map is a picture with links.
(() => {
  const map = document.getElementById("map");
  if (!map) return;
  const card = document.getElementById("map-card");
  const whole = { x: 0, y: 0, width: 1000, height: 700 };
  let view = { ...whole };
  let drag = null;

  const show = () => map.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);

  const zoom = (factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) => {
    if (!factor) view = { ...whole };
    else {
      const width = Math.min(Math.max(view.width * factor, 60), whole.width), by = width / view.width;
      view = { x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by, width, height: view.height * by };
    }
    show();
  };

  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(map.getScreenCTM().inverse());
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom(Number(button.dataset.zoom));
  });
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // The page scrolls as pages do.
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, place(event));
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => { if (event.button === 0) drag = { from: place(event), moved: false }; });
  addEventListener("pointermove", (event) => {
    if (!drag) return;
    const to = place(event), dx = drag.from.x - to.x, dy = drag.from.y - to.y;
    if (Math.hypot(dx, dy) < 4 && !drag.moved) return;
    drag.moved = true;
    view = { ...view, x: view.x + dx, y: view.y + dy };
    show();
  });
  addEventListener("pointerup", () => { setTimeout(() => { drag = null; }); });
  // A drag that ends on a bubble opens nothing.
  map.addEventListener("click", (event) => { if (drag?.moved) event.preventDefault(); }, true);
  map.addEventListener("dragstart", (event) => event.preventDefault());

  const tell = (event) => {
    const link = event.target.closest("a[data-card]");
    card.hidden = !link;
    if (!link) return;
    const title = document.createElement("strong");
    title.textContent = link.getAttribute("aria-label");
    card.replaceChildren(title, link.dataset.card);
    const bubble = link.getBoundingClientRect(), frame = map.parentElement.getBoundingClientRect();
    card.style.left = `${Math.min(bubble.right - frame.left + 4, frame.width - card.offsetWidth)}px`;
    card.style.top = `${bubble.top - frame.top}px`;
  };
  map.addEventListener("pointerover", tell);
  map.addEventListener("focusin", tell);
  map.addEventListener("pointerleave", () => { card.hidden = true; });
  map.addEventListener("focusout", () => { card.hidden = true; });
})();
