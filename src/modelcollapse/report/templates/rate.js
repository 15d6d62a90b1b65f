"use strict";
// Draws the chart.
const spec = JSON.parse(document.getElementById("data").textContent);
vegaEmbed("#rate-chart", spec, {
  mode: "vega-lite",
  renderer: "svg",
  downloadFileName: "rate",
  actions: { export: true, source: false, compiled: false, editor: false },
}).catch((error) => { document.getElementById("rate-chart").textContent = String(error); });
