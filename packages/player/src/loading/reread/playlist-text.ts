/** The text of a playlist, and the base of its relative addresses. */
export interface PlaylistText {
  readonly text: string;
  readonly baseUrl: string;
}
