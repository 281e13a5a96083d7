import { readdirSync } from 'node:fs';

/** A page of the demo. */
export interface DemoPage {
  readonly path: string;
  /** Whether it plays without a user action. */
  readonly plays: boolean;
  /** Whether it can broadcast and play its own broadcast. */
  readonly broadcasts?: boolean;
}

export const demoPages: readonly DemoPage[] = [
  { path: '/', plays: true },
  { path: '/player/', plays: true },
  { path: '/webcaster/?picture=test', plays: false, broadcasts: true },
  { path: '/studio/?picture=test', plays: false, broadcasts: true },
  { path: '/lab/', plays: true },
  { path: '/vendor-link/', plays: true },
  { path: '/embed/', plays: false },
];

const docsFolder = new URL('../../demo/docs', import.meta.url);

/** Paths of the documentation's pages, without the generated ones. */
export function docsPaths(): string[] {
  return readdirSync(docsFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('generated'))
    .map((path) => `/docs/${path.replace(/\.md$/, '.html')}`)
    .sort();
}
