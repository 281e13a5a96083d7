import type { Findings } from './finding.js';
import { isHttp, readTagLines, uriOf } from './read-tag-lines.js';

/** More are not read. */
const MOST_TAGS = 256;

/** A playlist of sound or subtitles. */
export interface GroupMember {
  readonly step: 'audio' | 'subtitles' | 'video';
  readonly url: string;
}

const steps: ReadonlyMap<string, GroupMember['step']> = new Map([
  ['AUDIO', 'audio'],
  ['SUBTITLES', 'subtitles'],
  ['VIDEO', 'video'],
]);

/** The playlists of a multivariant playlist besides its renditions. Groups that a rendition names and nobody defines are faults. */
export function checkGroups(text: string, base: string, findings: Findings): GroupMember[] {
  const members: GroupMember[] = [];
  const defined = new Set<string>();
  for (const tag of readTagLines(text, 'EXT-X-MEDIA', MOST_TAGS)) {
    const type = tag.get('TYPE') ?? '';
    defined.add(`${type} ${tag.get('GROUP-ID') ?? ''}`);
    const step = steps.get(type);
    const url = uriOf(tag, base);
    if (step && url !== null && isHttp(url) && !members.some((each) => each.url === url))
      members.push({ step, url });
  }
  for (const tag of readTagLines(text, 'EXT-X-STREAM-INF', MOST_TAGS))
    for (const type of steps.keys()) {
      const group = tag.get(type);
      if (group === undefined || defined.has(`${type} ${group}`)) continue;
      findings.fault(
        `A rendition names a group of ${type} that no EXT-X-MEDIA defines.`,
        'Write EXT-X-MEDIA with this GROUP-ID, or remove the attribute.',
      );
    }
  return members;
}
