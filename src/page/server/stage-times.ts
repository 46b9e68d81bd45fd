export interface StageTime {
  readonly name: string;
  readonly ms: number;
}

/**
 * The times of a header Server-Timing, such as `queue;dur=0.6, decode;dur=10.5, total;dur=123`. `recognise` is an old name of
 * `recognize` and left out.
 */
export function parseServerTiming(header: string): StageTime[] {
  return header.split(',').flatMap((metric) => {
    const [name = '', ...parameters] = metric.split(';').map((part) => part.trim());
    const duration = parameters.map((text) => /^dur=([\d.]+)$/.exec(text)?.[1]).find((text) => text !== undefined);
    return name === '' || name === 'recognise' || duration === undefined ? [] : [{ name, ms: Number(duration) }];
  });
}
