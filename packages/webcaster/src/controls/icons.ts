import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

const icon = (shape: SVGTemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">${shape}</svg>`;

const STRIKE = svg`<path d="M4 3.5 20.5 20" />`;
const MICROPHONE = svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`;
const CAMERA = svg`<rect x="3" y="6.5" width="12" height="11" rx="2.5" /><path d="m15 11 6-3.5v9L15 13" />`;
const SCREEN = svg`<rect x="3" y="4.5" width="18" height="12" rx="2" /><path d="M8.5 20h7M12 16.5v3.5" />`;

export const microphoneIcon = icon(MICROPHONE);
export const microphoneOffIcon = icon(svg`${MICROPHONE}${STRIKE}`);
export const cameraIcon = icon(CAMERA);
export const cameraOffIcon = icon(svg`${CAMERA}${STRIKE}`);
export const screenIcon = icon(svg`${SCREEN}<path d="M12 13.5V8m-2.5 2.5L12 8l2.5 2.5" />`);
export const screenOffIcon = icon(svg`${SCREEN}<path d="m9.5 8 5 5m0-5-5 5" />`);
export const devicesIcon = icon(
  svg`<path d="M4 7h9m5 0h2M4 17h2m5 0h9" /><circle cx="15.5" cy="7" r="2.5" /><circle cx="8.5" cy="17" r="2.5" />`,
);
export const offIcon = icon(svg`<path d="M12 3.5v8M7 6.6a7.5 7.5 0 1 0 10 0" />`);
export const closeIcon = icon(svg`<path d="m6 6 12 12M18 6 6 18" />`);
