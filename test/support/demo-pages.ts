import { readdirSync } from 'node:fs';

/** A page of the demo. */
export interface DemoPage {
  readonly path: string;
  /** Does it play by itself? */
  readonly plays: boolean;
  /** Can it broadcast, and then play what it sends? */
  readonly broadcasts?: boolean;
}

export const demoPages: readonly DemoPage[] = [
  { path: '/', plays: true },
  { path: '/player/', plays: true },
  { path: '/webcaster/?picture=test', plays: false, broadcasts: true },
  { path: '/studio/?picture=test', plays: false, broadcasts: true },
  { path: '/lab/', plays: true },
  { path: '/vendor-link/', plays: true },
];

const docsFolder = new URL('../../demo/docs', import.meta.url);

/** Addresses of the documentation's pages, without those that are made from the sources. */
export function docsPaths(): string[] {
  return readdirSync(docsFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('generated'))
    .map((path) => `/docs/${path.replace(/\.md$/, '.html')}`)
    .sort();
}
