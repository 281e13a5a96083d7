import { openMediaOrigin } from '../../support/backend.js';

/** Stores a playlist or list of a form. Every reader of the form gets it. */
export async function storeForm(form: string, file: string, text: string): Promise<void> {
  const response = await fetch(`${openMediaOrigin()}/forms/${form}/${file}`, { method: 'POST', body: text });
  if (!response.ok) throw new Error(`POST ${form}/${file} answered ${response.status}.`);
}

/** The address of a file of a form for one reader. */
export function formUrl(reader: string, form: string, file: string): string {
  return `${openMediaOrigin()}/forms/${reader}/${form}/${file}`;
}

/** Paths below the form that a reader has requested, without their query. */
export function requestedPaths(reader: string, form: string): string[] {
  const prefix = formUrl(reader, form, '');
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name }) => name.slice(prefix.length).replace(/\?.*$/s, ''));
}

interface MediaPlaylistForm {
  readonly kind?: 'all' | 'audio' | 'video' | 'text';
  readonly extension?: 'm4s' | 'ts' | 'vtt';
  readonly label?: 'high' | 'medium' | 'low';
  /** Lines after the header. */
  readonly header?: readonly string[];
  /** Lines before a segment. */
  readonly before?: Readonly<Record<number, readonly string[]>>;
  /** Path of the folder of the segments. */
  readonly folder?: string;
}

/** Eight seconds of the demo's clip as a recording. */
export function recording({
  kind = 'all',
  extension = 'm4s',
  label = 'low',
  header = [],
  before = {},
  folder = `media/${label}/${kind}`,
}: MediaPlaylistForm = {}): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...header,
    ...(extension === 'm4s' ? [`#EXT-X-MAP:URI="${folder}/init.mp4"`] : []),
    ...[0, 1, 2, 3].flatMap((sequence) => [
      ...(before[sequence] ?? []),
      '#EXTINF:2.000,',
      `${folder}/${String(sequence)}.${extension}`,
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

export function playlist(...lines: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-VERSION:8', ...lines, ''].join('\n');
}
