"use strict";
// The chart of a problem's year: bars for weeks, a line where it was shipped. Drawn anew when the theme changes.
(() => {
  let chart = null;

  const draw = () => {
    const place = document.getElementById("trend");
    const data = document.getElementById("trend-data");
    if (!place || !data || typeof uPlot === "undefined") return;
    const { weeks, items, releases } = JSON.parse(data.textContent);
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--bs-secondary-color"), accent = style.getPropertyValue("--heard-accent");
    const axis = { stroke: ink, ticks: { show: false }, grid: { stroke: style.getPropertyValue("--bs-border-color") } };
    chart?.destroy();
    place.replaceChildren();
    chart = new uPlot({
      width: place.clientWidth, height: 140, cursor: { show: false }, legend: { show: false },
      axes: [{ ...axis, grid: { show: false } }, { ...axis, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }],
      scales: { y: { range: (_, least, most) => [0, Math.max(most, 1)] } },
      series: [{}, { fill: accent, paths: uPlot.paths.bars({ size: [0.8, 14] }), points: { show: false } }],
      hooks: { draw: [(self) => {
        self.ctx.save();
        self.ctx.strokeStyle = ink;
        self.ctx.setLineDash([4, 4]);
        for (const release of releases) {
          const x = self.valToPos(release, "x", true);
          self.ctx.beginPath();
          self.ctx.moveTo(x, self.bbox.top);
          self.ctx.lineTo(x, self.bbox.top + self.bbox.height);
          self.ctx.stroke();
        }
        self.ctx.restore();
      }] },
    }, [weeks, items], place);
  };

  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.querySelector?.("#trend")) draw();
  });
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  addEventListener("resize", draw);
})();
