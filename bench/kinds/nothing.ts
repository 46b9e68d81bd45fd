import { loadSharp } from '../../src/runtime/image/sharp.js';
import type { Random } from '../word-boxes/random.js';
import type { Kind } from './kind.js';

/** Pictures without text: of one color, noise, a gradient, stripes, bricks; from tiny to a page. Each is to stay empty. */
export const nothing: Kind = {
  name: 'nothing',
  count: 300,
  unit: 'picture',
  async draw(random, i) {
    const [width = 0, height = 0] = sizes[i % sizes.length] ?? [];
    const valueAt = textures[Math.floor(i / sizes.length) % textures.length]?.(random) ?? (() => 0);
    const data = Uint8Array.from({ length: width * height }, (_, at) => valueAt(at % width, Math.floor(at / width)));
    const picture = await loadSharp()(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    return { picture, expected: [] };
  },
};

const sizes = [
  [1, 1],
  [9, 14],
  [24, 24],
  [40, 20],
  [20, 90],
  [64, 64],
  [200, 40],
  [1400, 40],
  [400, 300],
  [2600, 800],
] as const;

const textures: readonly ((random: Random) => (x: number, y: number) => number)[] = [
  (random) => {
    const value = Math.floor(random() * 256);
    return () => value;
  },
  (random) => {
    const spread = 20 + random() * 200;
    return () => Math.min(255, Math.max(0, 128 + (random() - 0.5) * spread));
  },
  (random) => {
    const [across, down] = [random() * 2, random() * 2];
    return (x, y) => 255 - ((x * across + y * down) % 256);
  },
  (random) => {
    const pitch = 3 + Math.floor(random() * 12);
    return (x) => (x % pitch < pitch / 3 ? 90 : 200);
  },
  (random) => {
    const size = 8 + Math.floor(random() * 20);
    return (x, y) => (y % size < 2 || (x + Math.floor(y / size) * (size / 2)) % size < 2 ? 220 : 150 + random() * 20);
  },
  (random) => {
    const size = 3 + Math.floor(random() * 9);
    return (x, y) => (Math.floor(x / size) % 2 === Math.floor(y / size) % 2 ? 60 : 190);
  },
];
