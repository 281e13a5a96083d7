import { AvailabilityStates, MediaUIEvents } from 'media-chrome/constants';
import { createMediaStore, type MediaStore } from 'media-chrome/media-store/media-store';
import { requestMap } from 'media-chrome/media-store/request-map';
import { stateMediator } from 'media-chrome/media-store/state-mediator';
import type { OverlayHost } from '../overlay-host.js';
import { liveEdge } from './live-distance.js';
import { inLanguage } from './media-chrome-texts.js';

/** A live stream that keeps less than this cannot be wound back to any purpose. */
const LEAST_WINDOW_S = 15;

/** What WebKit's video elements can besides the standard. */
interface WebKitVideo {
  webkitEnterFullscreen?: () => void;
  webkitShowPlaybackTargetPicker?: () => void;
}

/**
 * The state that the skin's elements show, and what they ask for, with the player as its media.
 *
 * Other than media-chrome by itself: nothing is kept in the page's storage, live means where the engine joins, other
 * screens are offered only what they can play, full screen is the whole player, and what the state makes the elements
 * say is in the player's language.
 */
export function createSkinStore(host: OverlayHost, languageTag: string): MediaStore {
  const { player, video } = host;
  const { UNAVAILABLE, UNSUPPORTED } = AvailabilityStates;
  const webKit = video as WebKitVideo;
  const showCaptions = requestMap[MediaUIEvents.MEDIA_TOGGLE_SUBTITLES_REQUEST];
  const canPlayElsewhere = (): boolean => !host.state().isProtected;

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
          return windowS >= LEAST_WINDOW_S ? Infinity : 0;
        },
        mediaEvents: [...(stateMediator.mediaTargetLiveWindow.mediaEvents ?? []), 'progress'],
      },
      mediaFullscreenUnavailable: {
        // Phones that give full screen to videos alone.
        get: () => (document.fullscreenEnabled || webKit.webkitEnterFullscreen ? undefined : UNSUPPORTED),
      },
      mediaIsFullscreen: {
        ...stateMediator.mediaIsFullscreen,
        set: (isWanted, owners, event) => {
          if (isWanted && !document.fullscreenEnabled) webKit.webkitEnterFullscreen?.();
          else stateMediator.mediaIsFullscreen.set(isWanted, owners, event);
        },
      },
      // The other screen would fetch by itself, and no token is to go there.
      mediaAirplayUnavailable: {
        ...stateMediator.mediaAirplayUnavailable,
        get: (owners, event) =>
          canPlayElsewhere() ? stateMediator.mediaAirplayUnavailable.get(owners, event) : UNAVAILABLE,
      },
      mediaIsAirplaying: {
        ...stateMediator.mediaIsAirplaying,
        set: () => {
          webKit.webkitShowPlaybackTargetPicker?.();
        },
      },
      mediaCastUnavailable: {
        ...stateMediator.mediaCastUnavailable,
        // What media source extensions play has no address that another screen could open.
        get: (owners, event) =>
          canPlayElsewhere() && !video.currentSrc.startsWith('blob:')
            ? stateMediator.mediaCastUnavailable.get(owners, event)
            : UNAVAILABLE,
      },
    },
    requestMap: {
      ...requestMap,
      [MediaUIEvents.MEDIA_SEEK_TO_LIVE_REQUEST]: () => {
        const edge = liveEdge(player);
        if (edge !== null) player.currentTime = edge;
      },
      // A controller that leaves the page would switch the captions off.
      [MediaUIEvents.MEDIA_TOGGLE_SUBTITLES_REQUEST]: (mediator, owners, request) => {
        if (request.detail !== false) showCaptions(mediator, owners, request);
      },
    },
  });
  return {
    ...store,
    subscribe: (tell) =>
      store.subscribe((state) => {
        inLanguage(languageTag, () => {
          tell(state);
        });
      }),
  };
}
