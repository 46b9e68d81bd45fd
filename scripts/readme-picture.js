// Draws docs/images/read-page.webp, the picture in the README: a page with the box of each line, and the lines that were
// read. Needs a built dist/ and the fonts named in test/fixtures/README.md:
//   npm run build && node scripts/readme-picture.js
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const page = path.join(root, 'test', 'fixtures', 'demo.jpg');
const output = path.join(root, 'docs', 'images', 'read-page.webp');
const font = 'Noto Sans CJK SC, DejaVu Sans';
const colors = ['#d6336c', '#1c7ed6', '#2f9e44', '#e8590c', '#7048e8', '#0c8599'];

const { width, height } = await sharp(page).metadata();
const lines = readLines();
const left = svg(lines.map(({ text_region: region }, i) => outline(region, i)));
const right = svg(['<rect width="100%" height="100%" fill="#fff"/>', ...lines.map(textInItsPlace)]);
const gap = 12;
await sharp({ create: { width: 2 * width + gap, height, channels: 3, background: '#dee2e6' } })
  .composite([
    {
      input: await sharp(page)
        .composite([{ input: left }])
        .toBuffer(),
      left: 0,
      top: 0,
    },
    { input: right, left: width + gap, top: 0 },
  ])
  .png()
  .toBuffer()
  .then((both) => sharp(both).resize({ width: 1280 }).webp({ quality: 82, effort: 6 }).toFile(output));
console.log(`${path.relative(root, output)}: ${lines.length} lines`);

/** The lines of the page, as `ocrhub run` prints them. */
function readLines() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-picture-'));
  try {
    const args = [
      path.join(root, 'bin', 'run.js'),
      'run',
      path.join(root, 'src', 'modules', 'ocr_system'),
      page,
      '--json',
    ];
    const env = { ...process.env, OCRHUB_HOME: home };
    const [{ result }] = JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
    return result;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function svg(shapes) {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`,
  );
}

function outline(region, i) {
  const color = colorOf(i);
  return `<polygon points="${region.join(' ')}" fill="${color}" fill-opacity="0.08" stroke="${color}" stroke-width="3"/>`;
}

/** The text of a line, as large and as tilted as its box. */
function textInItsPlace({ text, text_region: [topLeft, topRight, , bottomLeft] }, i) {
  const [x, y] = topLeft;
  const boxWidth = Math.hypot(topRight[0] - x, topRight[1] - y);
  const boxHeight = Math.hypot(bottomLeft[0] - x, bottomLeft[1] - y);
  const degrees = (Math.atan2(topRight[1] - y, topRight[0] - x) * 180) / Math.PI;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    `<g transform="translate(${x} ${y}) rotate(${degrees})">` +
    `<rect width="${boxWidth}" height="${boxHeight}" fill="${colorOf(i)}" fill-opacity="0.08"/>` +
    `<text x="${0.02 * boxWidth}" y="${0.77 * boxHeight}" font-family="${font}" font-size="${0.78 * boxHeight}"` +
    ` fill="${colorOf(i)}">${escaped}</text></g>`
  );
}

function colorOf(i) {
  return colors[i % colors.length];
}
