// The parts of ECharts that the board draws with, and the colours of its style sheets.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export function create(box: HTMLElement): EChartsType {
  return init(box, null, { renderer: "svg" });
}

/** An option with the colours and type of the page; tooltips are drawn, as HTML of others is not let in. */
export function withColours(option: EChartsCoreOption): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    animation: false,
    color: ["chart-1", "chart-2", "chart-3", "chart-4"].map(colour),
    textStyle: { color: colour("text"), fontFamily: style.fontFamily },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colour("surface"),
      textStyle: { color: colour("text") },
    },
    ...option,
  };
}
