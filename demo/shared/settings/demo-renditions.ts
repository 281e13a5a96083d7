import { renditions } from '../../clip/clip-timing.js';

/** A stream of the demo with a single rendition. */
export interface DemoRendition {
  readonly stream: string;
  readonly label: string;
  readonly bitrateKbps: number;
  readonly width: number;
  readonly height: number;
}

export const demoRenditions: readonly DemoRendition[] = renditions.map(
  ({ label, width, height, maxKbps }) => ({
    stream: `demo-${label}`,
    label: `${height}p`,
    bitrateKbps: maxKbps,
    width,
    height,
  }),
);
