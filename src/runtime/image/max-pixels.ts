/** What a picture may have unless somebody says otherwise: 192 MB of raw pixels; a 600 dpi A4 page has 35 million. */
export const defaultMaxPixels = 64_000_000;
