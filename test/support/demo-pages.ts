/** A page of the demo, and whether it plays by itself. */
export interface DemoPage {
  readonly path: string;
  readonly plays: boolean;
}

export const demoPages: readonly DemoPage[] = [
  { path: '/', plays: true },
  { path: '/player/', plays: true },
];
