/** A field of a tag's attribute that stands among the further options. */
export interface FieldSpec {
  readonly name: string;
  /** Fixed choices after the default, whose name comes first. */
  readonly options?: readonly string[];
  readonly placeholder?: string;
  readonly kind?: 'number' | 'flag';
}

const placement = ['query:token', 'header', 'header:X-Token', 'path:/t/{token}{path}', 'cookie', 'none'];
const credentials = ['same-origin', 'include', 'omit'];

export const playerFields: readonly FieldSpec[] = [
  { name: 'entries', placeholder: 'demo-high, demo-low' },
  { name: 'stream', placeholder: 'from src' },
  { name: 'token-placement', options: placement },
  { name: 'token-credentials', options: credentials },
  { name: 'token-origins' },
  { name: 'refresh-lead', kind: 'number', placeholder: '60' },
  { name: 'playlist-signer', placeholder: '/hls/sign' },
  { name: 'nanoplayer-src' },
  { name: 'refresh-mode', options: ['eager', 'deferred'] },
  { name: 'poster' },
  { name: 'preload', options: ['auto', 'metadata', 'none'] },
  { name: 'crossorigin', options: ['not set', 'anonymous', 'use-credentials'] },
  { name: 'controls', options: ['none', 'skin', 'native'] },
  ...['autoplay', 'muted', 'playsinline', 'loop'].map((name) => ({
    name,
    kind: 'flag' as const,
  })),
];

export const webcasterFields: readonly FieldSpec[] = [
  { name: 'stream', placeholder: 'from endpoint' },
  { name: 'capture', options: ['camera', 'screen', 'audio', 'none'] },
  { name: 'codec', options: ['auto', 'h264', 'vp8', 'vp9', 'av1'] },
  { name: 'resolution', placeholder: '1280x720' },
  { name: 'framerate', kind: 'number', placeholder: '30' },
  { name: 'video-bitrate', kind: 'number', placeholder: '2500' },
  { name: 'audio-bitrate', kind: 'number', placeholder: '128' },
  { name: 'video', placeholder: 'device id' },
  { name: 'audio', placeholder: 'device id' },
  { name: 'refresh-lead', kind: 'number', placeholder: '60' },
  { name: 'reconnect-for', kind: 'number', placeholder: '120' },
  { name: 'token-placement', options: ['header', 'query:token', 'none'] },
  { name: 'token-credentials', options: credentials },
  { name: 'token-origins' },
  { name: 'publisher-src' },
  { name: 'controls', kind: 'flag' },
];

/** Puts fields into a part of a form, each named as its attribute. */
export function addFields(container: Element, specs: readonly FieldSpec[]): void {
  const isFlag = ({ kind }: FieldSpec): boolean => kind === 'flag';
  const checks = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.className = 'visually-hidden';
  legend.textContent = 'Attributes that are there or not';
  checks.className = 'checks';
  checks.append(legend, ...specs.filter(isFlag).map(createCheck));
  container.append(...specs.filter((spec) => !isFlag(spec)).map(createField), checks);
}

function createField(spec: FieldSpec): HTMLLabelElement {
  const label = document.createElement('label');
  label.className = 'field';
  label.append(spec.name, spec.options ? createSelect(spec.name, spec.options) : createInput(spec));
  return label;
}

function createSelect(name: string, [preset = '', ...others]: readonly string[]): HTMLSelectElement {
  const select = document.createElement('select');
  select.name = name;
  select.append(new Option(preset, ''), ...others.map((value) => new Option(value)));
  return select;
}

function createInput({ name, kind, placeholder = '' }: FieldSpec): HTMLInputElement {
  const input = document.createElement('input');
  Object.assign(input, { name, type: kind ?? 'text', placeholder, spellcheck: false });
  return input;
}

function createCheck({ name }: FieldSpec): HTMLLabelElement {
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { name, type: 'checkbox' });
  label.className = 'check';
  label.append(input, name);
  return label;
}
