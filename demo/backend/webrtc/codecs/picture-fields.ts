/** In pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Where a payload descriptor counts pictures. The counters must continue when a viewer gets another encoding. */
export interface PictureIdField {
  readonly offset: number;
  /** 15 bits in two bytes; else 7 bits in one. */
  readonly isLong: boolean;
  /** Offset of the counter of the lowest temporal layer (TL0PICIDX), of 8 bits. */
  readonly levelIndexAt: number | undefined;
}
