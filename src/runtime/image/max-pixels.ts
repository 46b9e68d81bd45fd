/** Default maximum of pixels per picture: 192 MB of raw data. An A4 page at 600 dpi has 35 million. */
export const defaultMaxPixels = 64_000_000;
