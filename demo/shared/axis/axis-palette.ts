import type { RenewalReason } from '@gatecast/token';

export type AxisTone = 'good' | 'idle' | 'warn' | 'bad' | RenewalReason;

/** Colours and fonts of the page, in the format of a canvas context. */
export interface AxisPalette {
  readonly ground: string;
  readonly sunken: string;
  readonly line: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly accent: string;
  readonly font: string;
  readonly tones: Readonly<Record<AxisTone, string>>;
}

/** Reads the current theme (light or dark) from the computed style of an element. */
export function readPalette(element: Element): AxisPalette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: read('--surface'),
    sunken: read('--sunken'),
    line: read('--line'),
    ink: read('--ink'),
    inkSoft: read('--ink-soft'),
    accent: read('--accent'),
    font: style.fontFamily,
    tones: {
      good: read('--good'),
      idle: read('--line-strong'),
      warn: read('--warn'),
      bad: read('--bad'),
      initial: read('--reason-initial'),
      scheduled: read('--reason-scheduled'),
      rejected: read('--reason-rejected'),
      resume: read('--reason-resume'),
      manual: read('--reason-manual'),
      origin: read('--reason-origin'),
      // Like that of a tab, its token comes without a request of this page.
      tab: read('--reason-origin'),
    },
  };
}
