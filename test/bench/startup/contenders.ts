import type { PageKind } from '../write-page.js';

interface ContenderSpec {
  readonly name: string;
  readonly page: PageKind;
  /** The visit that is measured is the second one, in a new browser with the profile of the first. */
  readonly isReturn?: boolean;
}

/** What the start-up bench compares, each in every round. */
export const contenders = [
  { name: 'hand-written', page: 'hand-written' },
  { name: 'hand-written with token', page: 'hand-written with token' },
  { name: 'hls-video-element', page: 'hls-video-element' },
  { name: 'mux-player', page: 'mux-player' },
  { name: 'vidstack', page: 'vidstack' },
  { name: 'video.js 8', page: 'video.js 8' },
  { name: 'Video.js 10', page: 'Video.js 10' },
  { name: 'shaka-player', page: 'shaka-player' },
  { name: 'gatecast', page: 'gatecast' },
  { name: 'gatecast with head lines', page: 'gatecast with head lines' },
  { name: 'gatecast with playlists', page: 'gatecast with playlists' },
  { name: 'gatecast with head lines and playlists', page: 'gatecast with head lines and playlists' },
  { name: 'gatecast with head lines and first media', page: 'gatecast with head lines and first media' },
  { name: 'hand-written, return visit', page: 'hand-written', isReturn: true },
  {
    name: 'gatecast with head lines and playlists, return visit',
    page: 'gatecast with head lines and playlists',
    isReturn: true,
  },
] as const satisfies readonly ContenderSpec[];

export type ContenderName = (typeof contenders)[number]['name'];
export type Contender = ContenderSpec & { readonly name: ContenderName };

/** The contender that another one is compared with: a first visit with a first visit, a return with a return. */
export function referenceOf({ isReturn = false }: Contender): ContenderName {
  return isReturn ? 'hand-written, return visit' : 'hand-written';
}
