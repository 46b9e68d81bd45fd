import { loadSharp } from '../../src/runtime/image/sharp.js';
import type { Random } from '../word-boxes/random.js';
import type { Kind } from './kind.js';

/** Pages and photographs of surfaces without text: wood, plaster, cloth, dots, hatching, waves, ruled and squared paper. */
export const textures: Kind = {
  name: 'textures',
  count: 90,
  unit: 'picture',
  async draw(random, i) {
    const [width = 0, height = 0] = sizes[Math.floor(i / surfaces.length) % sizes.length] ?? [];
    const surface = surfaces[i % surfaces.length];
    const valueAt = surface === undefined ? () => 0 : surface(random);
    const noise = random() < 0.5 ? 0 : 12;
    const data = Uint8Array.from({ length: width * height }, (_, at) =>
      Math.min(255, Math.max(0, valueAt(at % width, Math.floor(at / width)) + (random() - 0.5) * noise)),
    );
    const pixels = loadSharp()(data, { raw: { width, height, channels: 1 } });
    // Half of them come from a camera.
    return i % 2 === 0
      ? { picture: await pixels.png().toBuffer(), expected: [] }
      : { picture: await pixels.jpeg({ quality: 80 }).toBuffer(), format: 'jpg', expected: [] };
  },
};

const sizes = [
  [90, 60],
  [320, 240],
  [800, 600],
  [1240, 1754],
  [1920, 1080],
] as const;

type Surface = (random: Random) => (x: number, y: number) => number;

const surfaces: readonly Surface[] = [
  // Wood: rings of changing width along the grain.
  (random) => {
    const [pitch, bend] = [9 + random() * 20, 20 + random() * 60];
    const rough = smoothNoise(random, 40);
    return (x, y) => 150 + 45 * Math.sin((y + bend * rough(x / 6, y)) / pitch);
  },
  // Plaster: smooth noise of two scales.
  (random) => {
    const [coarse, fine] = [smoothNoise(random, 30), smoothNoise(random, 5)];
    return (x, y) => 190 + 60 * coarse(x, y) + 40 * fine(x, y);
  },
  // Cloth: threads in two directions.
  (random) => {
    const pitch = 3 + random() * 9;
    return (x, y) => 130 + 50 * Math.sin((x * Math.PI) / pitch) * Math.cos((y * Math.PI) / pitch);
  },
  // Dots of a halftone.
  (random) => {
    const [pitch, radius] = [6 + Math.floor(random() * 18), 0.2 + random() * 0.25];
    return (x, y) => (Math.hypot((x % pitch) - pitch / 2, (y % pitch) - pitch / 2) < pitch * radius ? 60 : 230);
  },
  // Hatching at an angle, once or crossed.
  (random) => {
    const [angle, pitch, isCrossed] = [random() * Math.PI, 5 + random() * 20, random() < 0.5];
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const isStroke = (at: number): boolean => ((at % pitch) + pitch) % pitch < pitch * 0.25;
    return (x, y) => (isStroke(x * c + y * s) || (isCrossed && isStroke(x * s - y * c)) ? 80 : 220);
  },
  // Rings and waves.
  (random) => {
    const [cx, cy, pitch] = [random() * 400, random() * 400, 4 + random() * 14];
    return (x, y) => 140 + 70 * Math.sin(Math.hypot(x - cx, y - cy) / pitch);
  },
  // Ruled paper.
  (random) => {
    const pitch = 14 + Math.floor(random() * 40);
    return (x, y) => (y % pitch < 2 ? 150 : x > 60 && x < 63 ? 120 : 245);
  },
  // Squared paper.
  (random) => {
    const pitch = 10 + Math.floor(random() * 30);
    return (x, y) => (y % pitch < 1 || x % pitch < 1 ? 170 : 250);
  },
  // Tiles of uneven shade.
  (random) => {
    const [size, seed] = [16 + Math.floor(random() * 60), Math.floor(random() * 1000)];
    return (x, y) => {
      if (x % size < 2 || y % size < 2) return 235;
      return 120 + ((Math.floor(x / size) * 7919 + Math.floor(y / size) * 104_729 + seed) % 60);
    };
  },
];

/** -0.5 to 0.5, smooth over `scale` pixels. */
function smoothNoise(random: Random, scale: number): (x: number, y: number) => number {
  const side = 64;
  const grid = Float64Array.from({ length: side * side }, () => random() - 0.5);
  const at = (x: number, y: number): number => grid[(y % side) * side + (x % side)] ?? 0;
  return (x, y) => {
    const [u, v] = [x / scale, y / scale];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [smooth(u - i), smooth(v - j)];
    return (at(i, j) * (1 - s) + at(i + 1, j) * s) * (1 - t) + (at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s) * t;
  };
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
