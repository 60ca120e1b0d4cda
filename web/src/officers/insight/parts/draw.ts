// ECharts with only the parts that are used; loaded when the first chart is shown.
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { Chart } from "./charts";

use([
  BarChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  CanvasRenderer,
]);

/** In halves of a Chinese character. */
const longLabel = 12;
const width = (name: string) => [...name].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);

/** Whether the bars lie: names of units are longer than a place under a bar. */
function lies({ kind, categories }: Chart): boolean {
  return kind === "bar" && categories.some((name) => width(name) > longLabel);
}

/** Height in rem. */
export function height(chart: Chart): number {
  if (!lies(chart)) return 20;
  const bars = chart.isStacked ? 1 : chart.series.length;
  return Math.max(12, 5 + chart.categories.length * (bars * 0.9 + 0.9));
}

/** Puts a chart into `box`; what comes back draws it anew, follows its size, and ends it. */
export function draw(box: HTMLElement, description: string) {
  const drawn: EChartsType = init(box, null, { renderer: "canvas", locale: "ZH" });
  return {
    show: (chart: Chart) => drawn.setOption(option(chart, description), { notMerge: true }),
    resize: () => drawn.resize(),
    end: () => drawn.dispose(),
  };
}

function option(chart: Chart, description: string): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const size = Number.parseFloat(style.fontSize) * 0.875;
  const fontFamily = getComputedStyle(document.body).fontFamily;
  const text = { color: colour("--ink"), fontSize: size, fontFamily };
  const isLying = lies(chart);
  const unit = chart.isPercent ? "%" : "";
  const places = {
    type: "category",
    data: chart.categories,
    inverse: isLying,
    axisLabel: { ...text, width: size * 14, overflow: "truncate" },
    axisLine: { lineStyle: { color: colour("--line") } },
    axisTick: { show: false },
  };
  const numbers = {
    type: "value",
    minInterval: chart.isPercent ? undefined : 1,
    max: chart.isPercent ? 100 : undefined,
    axisLabel: { ...text, formatter: `{value}${unit}` },
    splitLine: { lineStyle: { color: colour("--line") } },
  };
  const several = chart.series.length > 1;
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    // Patterns beside colours, for who does not tell these colours apart.
    aria: { enabled: true, label: { description }, decal: { show: several } },
    color: ["--brand", "--warn", "--good", "--bad", "--ink-soft", "--ink"].map(colour),
    textStyle: text,
    legend: { show: several, type: "scroll", top: 0, textStyle: text },
    grid: {
      left: 8,
      right: 24,
      top: several ? size * 3 : size,
      bottom: 8,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    // As text on the canvas: a tooltip of markup would want styles that the policy refuses.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: chart.kind === "bar" ? "shadow" : "line" },
      textStyle: { ...text, fontSize: size },
      valueFormatter: (value: unknown) => (typeof value === "number" ? `${value}${unit}` : "—"),
    },
    xAxis: isLying ? numbers : places,
    yAxis: isLying ? places : numbers,
    series: chart.series.map(({ name, values }) => ({
      name,
      type: chart.kind,
      data: values,
      stack: chart.isStacked ? "all" : undefined,
      barMaxWidth: size * 2,
      symbolSize: 8,
      lineStyle: { width: 3 },
      connectNulls: false,
    })),
  };
}
