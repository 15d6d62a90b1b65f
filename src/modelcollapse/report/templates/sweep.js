"use strict";
// Draws the charts.
JSON.parse(document.getElementById("data").textContent).forEach((spec, number) => {
  vegaEmbed(`#chart-${number}`, spec, {
    mode: "vega-lite",
    renderer: "svg",
    downloadFileName: `sweep-${number}`,
    actions: { export: true, source: false, compiled: false, editor: false },
  }).catch((error) => { document.getElementById(`chart-${number}`).textContent = String(error); });
});
