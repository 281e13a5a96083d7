/** A page of the demo. */
export interface DemoPage {
  readonly path: string;
  /** Does it play by itself? */
  readonly plays: boolean;
  /** Does it broadcast when it is told to, and then play what it sends? */
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
