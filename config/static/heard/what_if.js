"use strict";
// The sliders beside the numbers, and the link to what the desk shows.
(() => {
  document.addEventListener("input", (event) => {
    const target = event.target;
    if (target.dataset.of) document.getElementById(target.dataset.of).value = target.value;
    if (target.type === "number" && target.id) {
      const slider = document.querySelector(`[data-of="${CSS.escape(target.id)}"]`);
      if (slider) slider.value = target.value;
    }
    // An account is picked: what was searched for has done its work.
    if (target.name === "without") document.getElementById("drop").value = "";
  }, true);

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(link.href);
    link.textContent = "Copied";
    setTimeout(() => { link.textContent = "Copy link"; }, 1500);
  });
})();
