import { AvailabilityStates, MediaUIEvents } from 'media-chrome/constants';
import { createMediaStore, type MediaState, type MediaStore } from 'media-chrome/media-store/media-store';
import { requestMap } from 'media-chrome/media-store/request-map';
import { stateMediator } from 'media-chrome/media-store/state-mediator';
import type { OverlayHost } from '../overlay-host.js';
import { liveEdge } from './live-distance.js';
import { cueAt } from './read-thumbnail.js';
import { inLanguage } from './media-chrome-texts.js';
import type { Storyboard } from './storyboard.js';

/** With a shorter live window, seeking back is of no use. */
const MIN_WINDOW_S = 15;

/** WebKit's additions to video elements. */
interface WebKitVideo {
  webkitEnterFullscreen?: () => void;
  webkitShowPlaybackTargetPicker?: () => void;
}

/**
 * Creates the store behind the skin's elements, with the player as its media element.
 *
 * Differences from the default of media-chrome: nothing is kept in the page's storage, the live edge is the position at
 * which the engine joins, AirPlay and casting are offered only for streams that another screen can play, full screen shows
 * the whole player, texts are in the player's language, and the pictures of the storyboard are requested with the token.
 */
export function createSkinStore(host: OverlayHost, languageTag: string, storyboard: Storyboard): MediaStore {
  const { player, video } = host;
  const { UNAVAILABLE, UNSUPPORTED } = AvailabilityStates;
  const webKit = video as WebKitVideo;
  const showCaptions = requestMap[MediaUIEvents.MEDIA_TOGGLE_SUBTITLES_REQUEST];
  const canPlayElsewhere = (): boolean => !host.state().isProtected;
  /** Does the engine open an address for an AirPlay receiver when the viewer chooses one? */
  const hasReceiver = (): boolean => video.querySelector('source[data-receiver]') !== null;

  const store = createMediaStore({
    media: player,
    fullscreenElement: player,
    documentElement: document,
    options: {
      noVolumePref: true,
      noMutedPref: true,
      noSubtitlesLangPref: true,
      noAutoSeekToLive: true,
      mediaLang: languageTag,
    },
    stateMediator: {
      ...stateMediator,
      mediaTargetLiveWindow: {
        ...stateMediator.mediaTargetLiveWindow,
        get: () => {
          if (player.streamType !== 'live') return NaN;
          const { seekable } = player;
          const windowS = seekable.length > 0 ? seekable.end(seekable.length - 1) - seekable.start(0) : 0;
          return windowS >= MIN_WINDOW_S ? Infinity : 0;
        },
        mediaEvents: [...(stateMediator.mediaTargetLiveWindow.mediaEvents ?? []), 'progress'],
      },
      mediaChaptersCues: {
        ...stateMediator.mediaChaptersCues,
        stateOwnersUpdateHandlers: [
          (handler, owners) => {
            // The cues of a `<track>` come after the track. Its event does not bubble.
            const update = (): void => {
              handler(stateMediator.mediaChaptersCues.get(owners));
            };
            video.addEventListener('load', update, true);
            return () => {
              video.removeEventListener('load', update, true);
            };
          },
        ],
      },
      mediaFullscreenUnavailable: {
        // Some phones support full screen for video elements only.
        get: () => (document.fullscreenEnabled || webKit.webkitEnterFullscreen ? undefined : UNSUPPORTED),
      },
      mediaIsFullscreen: {
        ...stateMediator.mediaIsFullscreen,
        set: (isWanted, owners, event) => {
          if (isWanted && !document.fullscreenEnabled) webKit.webkitEnterFullscreen?.();
          else stateMediator.mediaIsFullscreen.set(isWanted, owners, event);
        },
      },
      // The other screen requests the stream itself, without the token.
      mediaAirplayUnavailable: {
        ...stateMediator.mediaAirplayUnavailable,
        get: (owners, event) =>
          canPlayElsewhere() || hasReceiver()
            ? stateMediator.mediaAirplayUnavailable.get(owners, event)
            : UNAVAILABLE,
        stateOwnersUpdateHandlers: [
          ...(stateMediator.mediaAirplayUnavailable.stateOwnersUpdateHandlers ?? []),
          (handler, owners) => {
            // Not after the playlist signer has refused one.
            const update = (): void =>
              handler(hasReceiver() ? stateMediator.mediaAirplayUnavailable.get(owners) : UNAVAILABLE);
            video.addEventListener('receiverchange', update);
            return () => {
              video.removeEventListener('receiverchange', update);
            };
          },
        ],
      },
      mediaIsAirplaying: {
        ...stateMediator.mediaIsAirplaying,
        set: () => {
          // While the viewer chooses, the address is opened.
          video.dispatchEvent(new Event('receiverwanted'));
          webKit.webkitShowPlaybackTargetPicker?.();
        },
      },
      mediaCastUnavailable: {
        ...stateMediator.mediaCastUnavailable,
        // A stream in Media Source Extensions has no address that another screen could open.
        get: (owners, event) =>
          canPlayElsewhere() && !video.currentSrc.startsWith('blob:')
            ? stateMediator.mediaCastUnavailable.get(owners, event)
            : UNAVAILABLE,
      },
    },
    requestMap: {
      ...requestMap,
      [MediaUIEvents.MEDIA_PREVIEW_REQUEST]: (mediator, owners, { detail }: { detail?: number | null }) => {
        const timeS = detail ?? undefined;
        const chapter =
          timeS === undefined ? undefined : cueAt(mediator.mediaChaptersCues.get(owners), timeS);
        const isIn = chapter && timeS !== undefined && chapter.startTime <= timeS && timeS < chapter.endTime;
        return {
          mediaPreviewTime: timeS,
          mediaPreviewChapter: timeS === undefined ? undefined : isIn ? chapter.text : '',
          ...storyboard.at(timeS),
        } as Partial<MediaState>;
      },
      [MediaUIEvents.MEDIA_SEEK_TO_LIVE_REQUEST]: () => {
        const edge = liveEdge(player);
        if (edge !== null) player.currentTime = edge;
      },
      // A controller that is removed from the page would switch the captions off.
      [MediaUIEvents.MEDIA_TOGGLE_SUBTITLES_REQUEST]: (mediator, owners, request) => {
        if (request.detail !== false) showCaptions(mediator, owners, request);
      },
    },
  });
  return {
    ...store,
    subscribe: (listener) =>
      store.subscribe((state) => {
        inLanguage(languageTag, () => {
          listener(state);
        });
      }),
  };
}
