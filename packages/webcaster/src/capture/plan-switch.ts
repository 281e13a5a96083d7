import {
  isSameTrack,
  originOf,
  SOURCE_KINDS,
  type CaptureRequest,
  type SourceKind,
} from './capture-request.js';

/** What a switch opens, closes and keeps. */
export interface SwitchPlan {
  /** What does not stay as it is. */
  readonly changed: readonly SourceKind[];
  /** What goes on with the screen that is shared already, so that the user is not asked again; `null` if it need not move. */
  readonly moved: SourceKind | null;
  /** Where that screen is now. */
  readonly from: SourceKind | null;
}

/** @param isLive - is the open track of a kind live? */
export function planSwitch(
  before: CaptureRequest | null,
  request: CaptureRequest,
  isLive: (kind: SourceKind) => boolean,
): SwitchPlan {
  const slots = SOURCE_KINDS.map((kind) => [kind, slotFor(before, request, kind, isLive)] as const);
  const changes = slots.filter(([kind, slot]) => slot !== kind);
  const [moved, from] = changes.find(([, slot]) => slot !== null) ?? [null, null];
  return { changed: changes.map(([kind]) => kind), moved, from };
}

/** Which open source a kind can go on with; `null` if it needs another one. */
function slotFor(
  before: CaptureRequest | null,
  request: CaptureRequest,
  kind: SourceKind,
  isLive: (kind: SourceKind) => boolean,
): SourceKind | null {
  if (!before) return null;
  const origin = originOf(request, kind);
  if (origin === null) return originOf(before, kind) === null ? kind : null;
  const isSlot = (slot: SourceKind): boolean =>
    origin === 'screen'
      ? originOf(before, slot) === 'screen'
      : slot === kind && isSameTrack(before, request, kind);
  return SOURCE_KINDS.find((slot) => isSlot(slot) && isLive(slot)) ?? null;
}
