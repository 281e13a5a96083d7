export interface PlotOptions {
  readonly title: string;
  readonly unit: string;
  /** Logarithmic y axis, for series with a high peak. @defaultValue false */
  readonly logarithmic?: boolean;
}

const WIDTH = 960;
const HEIGHT = 320;
const MARGIN = { left: 70, right: 16, top: 36, bottom: 36 };

/** Draws a series with one value per second as an SVG line over an axis in minutes. */
export function plotSeries(
  values: readonly number[],
  { title, unit, logarithmic = false }: PlotOptions,
): string {
  const innerWidth = WIDTH - MARGIN.left - MARGIN.right;
  const innerHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const peak = values.reduce((highest, value) => Math.max(highest, value), 1);
  const top = logarithmic ? 10 ** Math.ceil(Math.log10(peak)) : peak;
  const height = (value: number) =>
    logarithmic ? Math.log10(Math.max(1, value)) / Math.log10(top) : value / top;
  const x = (second: number) => round(MARGIN.left + (second / Math.max(1, values.length - 1)) * innerWidth);
  const y = (value: number) => round(MARGIN.top + (1 - height(value)) * innerHeight);
  const line = values.map((value, second) => `${second === 0 ? 'M' : 'L'}${x(second)} ${y(value)}`).join('');
  const marks = logarithmic ? powersUpTo(top) : [0, top / 2, top];
  const rows = marks.map(
    (value) =>
      `<path d="M${MARGIN.left} ${y(value)}H${WIDTH - MARGIN.right}" stroke="#ddd"/>` +
      `<text x="${MARGIN.left - 8}" y="${y(value) + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`,
  );
  const minutes = Array.from({ length: Math.floor(values.length / 300) + 1 }, (_, index) => index * 5);
  const columns = minutes.map(
    (minute) => `<text x="${x(minute * 60)}" y="${HEIGHT - 12}" text-anchor="middle">${minute} min</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${MARGIN.left}" y="20" font-weight="bold">${title} (${unit})</text>`,
    ...rows,
    ...columns,
    `<path d="${line}" fill="none" stroke="#0b62d6" stroke-width="1.2"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function powersUpTo(top: number): number[] {
  return Array.from({ length: Math.round(Math.log10(top)) + 1 }, (_, power) => 10 ** power);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
