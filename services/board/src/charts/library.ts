// The parts of ECharts that the board draws with, and the colours of its style sheets.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendPlainComponent, TooltipComponent, SVGRenderer]);

export function create(box: HTMLElement): EChartsType {
  return init(box, null, { renderer: "svg" });
}

/** An option with the colours and type of the page; tooltips are drawn, as HTML of others is not let in. */
export function withColours(option: EChartsCoreOption): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = { axisLabel: { color: colour("text") }, splitLine: { lineStyle: { color: colour("line") } } };
  const { legend, xAxis, yAxis, ...others } = option as Record<string, object | object[] | undefined>;
  return {
    animation: false,
    color: [1, 2, 3, 4, 5, 6].map((number) => colour(`chart-${number}`)),
    textStyle: { color: colour("text"), fontFamily: style.fontFamily },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colour("surface"),
      textStyle: { color: colour("text") },
    },
    ...others,
    ...(legend && { legend: { textStyle: { color: colour("text") }, ...legend } }),
    ...(xAxis && { xAxis: onEach(axis, xAxis) }),
    ...(yAxis && { yAxis: onEach(axis, yAxis) }),
  };
}

/** Defaults of an axis, or of several, below what is given part by part. */
function onEach(defaults: Record<string, object>, given: object | object[]): object | object[] {
  const merged = (axis: object) => {
    const said = axis as Record<string, object | undefined>;
    const parts = Object.entries(defaults).map(([part, value]) => [part, { ...value, ...said[part] }]);
    return { ...axis, ...Object.fromEntries(parts) };
  };
  return Array.isArray(given) ? given.map(merged) : merged(given);
}
