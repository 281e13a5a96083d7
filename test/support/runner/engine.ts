/** The browser engines that the in-browser tests run on. */
export const engines = ['chromium', 'firefox', 'webkit'] as const;

export type Engine = (typeof engines)[number];

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}

/** What an engine is called towards people. */
export const engineLabels: Readonly<Record<Engine, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKitGTK',
};
