/** Props of `<video>` in the spelling of React or of HTML, by the property that they set. */
export const mediaProps = {
  autoPlay: 'autoplay',
  playsinline: 'playsInline',
  crossorigin: 'crossOrigin',
} as const;

/** The same as types. */
export interface MediaProps {
  /** As `autoplay`, in React's spelling. */
  autoPlay?: boolean | undefined;
  /** As `playsInline`, in the spelling of HTML. */
  playsinline?: boolean | undefined;
  /** As `crossOrigin`, in the spelling of HTML. */
  crossorigin?: string | null | undefined;
}
