// Slack's data visualization block, as bars; what Slack draws looks better and says the same.

import { h } from "./dom.js";

/** The node of a chart: its title and one line for each value. */
export function chart(block) {
  const { series, segments, axis_config: axis } = block.chart;
  const all = segments ?? series.flatMap((each) => each.data);
  const most = Math.max(1, ...all.map((point) => point.value));
  const groups = segments
    ? [h("div", { class: "chart-group" }, segments.map((point) => line(point.label, point.value, most)))]
    : axis.categories.map((label, place) =>
        h(
          "div",
          { class: "chart-group" },
          h("div", { class: "chart-label" }, label),
          series.map((each) => line(each.name, each.data[place].value, most)),
        ),
      );
  return h("figure", {}, h("figcaption", {}, block.title), groups);
}

function line(name, value, most) {
  return h(
    "div",
    { class: "chart-line" },
    h("span", { class: "chart-name" }, name),
    h("span", { class: "chart-track" }, h("span", { class: "chart-bar", vars: { "--part": `${(100 * value) / most}%` } })),
    h("span", { class: "chart-value" }, String(value)),
  );
}
