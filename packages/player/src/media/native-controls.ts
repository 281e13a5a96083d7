/** Shows or hides the browser's own controls. Firefox puts a video without controls into the tab order, too. */
export function showNativeControls(video: HTMLVideoElement, isShown: boolean): void {
  video.controls = isShown;
  video.tabIndex = isShown ? 0 : -1;
}
