/**
 * Counts the scans of the picture in a JPEG file. A progressive file is decoded scan after scan, and an empty one of 64 megapixels
 * takes 5 ms: a file of 64 MB can have 700,000. Segments (a thumbnail has scans of its own) and what follows the end of the picture
 * (a film, a second picture) are passed over, as the decoder does.
 */
export function countScans(jpeg: Uint8Array): number {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let scans = 0;
  // After the marker that the file begins with.
  for (let at = nextMarker(bytes, 2); at !== -1 && bytes[at] !== markers.end;) {
    const kind = bytes[at] ?? 0;
    if (kind === markers.scan) scans++;
    at = nextMarker(bytes, isAlone(kind) ? at + 1 : at + 1 + segmentLength(bytes, at + 1));
  }
  return scans;
}

/** The second bytes of markers. */
const markers = { firstOfSegments: 0xc0, firstRestart: 0xd0, start: 0xd8, end: 0xd9, scan: 0xda } as const;

/** Whether no segment follows a marker. The coded data of a scan has restarts. */
function isAlone(kind: number): boolean {
  return kind < markers.firstOfSegments || (kind >= markers.firstRestart && kind <= markers.start);
}

/** The two bytes of the length count themselves. A decoder reads them also if they say less. */
function segmentLength(bytes: Buffer, at: number): number {
  return at + 2 > bytes.length ? 2 : Math.max(2, bytes.readUInt16BE(at));
}

/**
 * The place of the second byte of the next marker; -1 if there is none. The decoder, too, passes over other bytes before a marker.
 * In coded data, 0 follows each byte FF; FF before a marker fills.
 */
function nextMarker(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0xff && next !== 0) return at + 1;
  }
  return -1;
}
