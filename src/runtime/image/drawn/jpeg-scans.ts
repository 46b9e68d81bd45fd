/**
 * Counts the scans of a JPEG file. A progressive file is decoded scan after scan, and an empty one of 64 megapixels takes 5 ms: a
 * file of 64 MB can have 700,000.
 */
export function countScans(jpeg: Uint8Array): number {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let scans = 0;
  // Thumbnails in the segments before the first scan have scans of their own. In a scan these two bytes are always the marker.
  for (let at = firstScan(bytes); at !== -1; at = bytes.indexOf(scanMarker, at + 2)) scans++;
  return scans;
}

const scanMarker = Buffer.from([0xff, 0xda]);

/** The place of the marker of the first scan; -1 if there is none. */
function firstScan(bytes: Buffer): number {
  // After the two bytes of the signature: FF, the kind, the length with its own two bytes.
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    if (bytes[at + 1] === 0xda) return at;
    // A marker may have filling bytes before it.
    at += bytes[at + 1] === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return -1;
}
