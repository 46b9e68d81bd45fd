import { drawChart } from '../lib/chart.js';

interface PlottedSystem {
  readonly name: string;
  readonly isOurs: boolean;
  readonly cpuSeconds: number;
  readonly wordF1: number;
  readonly lineRecall: number;
}

/** Word F1 and line recall over CPU seconds for a `unit`, as an SVG. Better is up and left. */
export function accuracyPlot(systems: readonly PlottedSystem[], unit: string): string {
  const longest = Math.max(...systems.map(({ cpuSeconds }) => cpuSeconds));
  const lowest = Math.min(...systems.flatMap(({ wordF1, lineRecall }) => [wordF1, lineRecall]));
  const [from, to] = [Math.floor(lowest * 20) / 20, 1];
  const steps = Math.round((to - from) * 20);
  return drawChart({
    // The names stand to the right of their points.
    x: { label: `CPU-s a ${unit}`, from: 0, to: longest * 1.3, ticks: range(Math.ceil(longest)) },
    y: {
      label: 'F1 (full) and line recall (hollow)',
      from,
      to,
      ticks: range(steps).map((step) => Number((from + step / 20).toFixed(2))),
    },
    series: [true, false].flatMap((isOurs) => {
      const own = systems.filter((system) => system.isOurs === isOurs);
      const color = isOurs ? '#1c7ed6' : '#868e96';
      return [
        {
          kind: 'dots' as const,
          color,
          points: own.map(({ name, cpuSeconds, wordF1 }) => ({ x: cpuSeconds, y: wordF1, label: name })),
        },
        {
          kind: 'squares' as const,
          color,
          points: own.map(({ cpuSeconds, lineRecall }) => ({ x: cpuSeconds, y: lineRecall })),
        },
      ];
    }),
    height: 420,
  });
}

function range(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, i) => i);
}
