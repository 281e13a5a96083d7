import type { MediaKind } from './sdp.js';

/** Format parameters of a codec (`a=fmtp`), in their order; `null` for one without a value. */
export type FormatParameters = Map<string, string | null>;

/** Which formats of an SDP. */
export interface FormatChoice {
  readonly kind: MediaKind;
  /** Name of the codec in lower case, such as `opus`. @defaultValue the first format of each section */
  readonly codec?: string;
}

interface Format {
  readonly payloadType: string;
  /** Index of the line `a=rtpmap`. */
  readonly mapAt: number;
  /** Index of the line `a=fmtp`, if there is one. */
  readonly parametersAt: number | undefined;
}

/** The parameters of the first format that is meant; `null` if there is none. */
export function readFormat(sdp: string, choice: FormatChoice): Readonly<FormatParameters> | null {
  let found: FormatParameters | null = null;
  editFormat(sdp, choice, (parameters) => {
    found ??= new Map(parameters);
  });
  return found;
}

/**
 * Changes the format parameters of a codec in all sections of its kind. Text that is not concerned stays as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8866#section-6.15
 */
export function editFormat(
  sdp: string,
  choice: FormatChoice,
  edit: (parameters: FormatParameters) => void,
): string {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) =>
      section.startsWith(`m=${choice.kind} `) ? editSection(section, choice, edit) : section,
    )
    .join('');
}

function editSection(
  section: string,
  { codec }: FormatChoice,
  edit: (parameters: FormatParameters) => void,
): string {
  const lines = section.split('\n');
  for (const format of findFormats(lines, codec)) {
    const at = format.parametersAt ?? format.mapAt;
    const line = (lines[at] ?? '').replace(/\r$/, '');
    const lineEnd = lines[at]?.endsWith('\r') ? '\r' : '';
    const parameters =
      format.parametersAt === undefined ? new Map<string, string | null>() : parseParameters(line);
    const before = writeParameters(parameters);
    edit(parameters);
    const after = writeParameters(parameters);
    if (after === before) continue;
    const written = `a=fmtp:${format.payloadType} ${after}${lineEnd}`;
    lines[at] = format.parametersAt === undefined ? `${line}${lineEnd}\n${written}` : written;
  }
  return lines.join('\n');
}

/** Each payload type once, however often a section names it. */
function findFormats(lines: readonly string[], codec: string | undefined): readonly Format[] {
  const [, first] = /^m=\S+ \S+ \S+ (\d+)/.exec(lines[0] ?? '') ?? [];
  const maps = new Map<string, number>();
  const parameters = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const [, type = '', payloadType = '', name = ''] = /^a=(rtpmap|fmtp):(\d+) ([^/\s]*)/.exec(line) ?? [];
    if (type === 'fmtp') {
      if (!parameters.has(payloadType)) parameters.set(payloadType, index);
    } else if (type === 'rtpmap' && !maps.has(payloadType)) {
      const isMeant = codec === undefined ? payloadType === first : name.toLowerCase() === codec;
      if (isMeant) maps.set(payloadType, index);
    }
  }
  return [...maps].map(([payloadType, mapAt]) => ({
    payloadType,
    mapAt,
    parametersAt: parameters.get(payloadType),
  }));
}

function parseParameters(line: string): FormatParameters {
  const parameters: FormatParameters = new Map();
  for (const item of line.slice(line.indexOf(' ') + 1).split(';')) {
    const [name = '', ...value] = item.trim().split('=');
    if (name !== '') parameters.set(name, value.length > 0 ? value.join('=') : null);
  }
  return parameters;
}

function writeParameters(parameters: Readonly<FormatParameters>): string {
  return [...parameters].map(([name, value]) => (value === null ? name : `${name}=${value}`)).join(';');
}
