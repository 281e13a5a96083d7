/** The browser engines for browser tests. */
export const engines = ['chromium', 'firefox', 'webkit'] as const;

export type Engine = (typeof engines)[number];

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}

/** Display names of the engines. */
export const engineLabels: Readonly<Record<Engine, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKitGTK',
};
