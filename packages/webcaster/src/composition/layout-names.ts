/** How camera and screen share the picture: `camera` and `screen` show only that one. */
export type PictureLayout = 'picture-in-picture' | 'side-by-side' | 'camera' | 'screen';

export const PICTURE_LAYOUTS: readonly PictureLayout[] = [
  'picture-in-picture',
  'side-by-side',
  'camera',
  'screen',
];
