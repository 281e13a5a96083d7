/** Path of the double of the vendor's ingest for Webcaster v6, at the WHIP relay. */
export const V6_PATH = '/webcaster-v6';
