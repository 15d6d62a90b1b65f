"use strict";
// Draws the chart.
const spec = JSON.parse(document.getElementById("data").textContent);
vegaEmbed("#the-chart", spec, {
  mode: "vega-lite",
  renderer: "svg",
  downloadFileName: document.title,
  actions: { export: true, source: false, compiled: false, editor: false },
}).catch((error) => { document.getElementById("the-chart").textContent = String(error); });
