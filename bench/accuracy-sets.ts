/**
 * Chooses the pictures of the public sets that `bench/run.js accuracy` reads, and writes bench/accuracy/sets.json with their sums.
 * Run it to add a set, or after a newer commit or package is named below.
 *
 *   node bench/run.js accuracy-sets --sets FOLDER
 *
 * FOLDER holds OWNER/NAME, a checkout of each repository at the commit below, and debian/ with the files of the packages
 * (`apt-get download NAME`). A hash of the name chooses: the pictures of each half (lib/half.ts) with the lowest SHA-256.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LabelForm } from './accuracy/label-forms.js';
import { manifestFile, type FileOfSet, type PublicSet, type SetPicture } from './accuracy/manifest.js';
import { textPages } from './accuracy/pdf-pages.js';
import { unpack } from './accuracy/prepare.js';
import { halves, lowestOf } from './lib/half.js';
import { writeFormatted } from './report/document.js';

const { values } = parseArgs({ options: { sets: { type: 'string' } } });
if (values.sets === undefined) throw new Error('Name the folder of checkouts and packages: --sets FOLDER');
const root = path.resolve(values.sets);

/** Pictures of each half of a set. */
const usualCount = 5;
/** Where the archive of Debian has the packages: `apt-cache show NAME` prints it. */
const poolFiles: Readonly<Record<string, string>> = {
  'debian-reference-zh-cn': 'pool/main/d/debian-reference/debian-reference-zh-cn_2.100_all.deb',
  'debian-reference-ja': 'pool/main/d/debian-reference/debian-reference-ja_2.100_all.deb',
  'debian-reference-en': 'pool/main/d/debian-reference/debian-reference-en_2.100_all.deb',
  'kicad-doc-zh': 'pool/main/k/kicad/kicad-doc-zh_6.0.11+dfsg-1_all.deb',
  'kicad-doc-ja': 'pool/main/k/kicad/kicad-doc-ja_6.0.11+dfsg-1_all.deb',
  'kicad-doc-en': 'pool/main/k/kicad/kicad-doc-en_6.0.11+dfsg-1_all.deb',
  'debian-edu-doc-zh-cn': 'pool/main/d/debian-edu-doc/debian-edu-doc-zh-cn_2.12.23~deb12u1_all.deb',
  'debian-edu-doc-ja': 'pool/main/d/debian-edu-doc/debian-edu-doc-ja_2.12.23~deb12u1_all.deb',
  'texlive-lang-chinese': 'pool/main/t/texlive-lang/texlive-lang-chinese_2022.20230122-1_all.deb',
};
const sets: PublicSet[] = [
  github('zlexandr/funsd-labelstudio', '3c5e0c62fce3f868c5ca38416280bb3b9f2bd51f', {
    name: 'funsd',
    about: 'scanned English forms',
    license: 'FUNSD: non-commercial, research and education',
    use: 'research',
    scoring: { units: 'words', lines: false, ordered: false },
    folder: 'dataset/testing_data/images',
    labels: (name) => `dataset/testing_data/annotations/${name}.json`,
    form: 'funsd',
  }),
  github('scribeocr/ocr-benchmark', '818efa700e6811bb056efd353b3e1f6fd383de2c', {
    name: 'scribe',
    about: 'scanned pages and screenshots in English: tables, columns, filings',
    license: 'none is named; public documents',
    use: 'research',
    scoring: { units: 'words', lines: true, ordered: true },
    folder: 'img',
    labels: (name) =>
      [`ground_truth/${name}.truth.hocr`, `ground_truth/${name}.hocr`].find((file) =>
        existsSync(path.join(root, 'scribeocr/ocr-benchmark', file)),
      ),
    form: 'hocr',
  }),
  github('zzzDavid/ICDAR-2019-SROIE', '27be4271b251c256f695acbade9a801bffe85994', {
    name: 'sroie',
    about: 'scanned receipts',
    license: 'MIT (the repository); ICDAR 2019 SROIE',
    use: 'free',
    scoring: { units: 'words', lines: true, ordered: true },
    folder: 'data/img',
    labels: (name) => `data/box/${name}.csv`,
    form: 'corners',
  }),
  github('HaozhengLi/EAST_ICPR', '07e2c8daf3b9867beee5b0427f40214c8fe2b63b', {
    name: 'mtwi',
    about: 'Chinese pictures of shops',
    license: 'ICPR 2018 MTWI: research',
    use: 'research',
    scoring: { units: 'characters', lines: true, ordered: false },
    folder: 'data/ICPR2018',
    labels: (name) => `data/ICPR2018/${name}.txt`,
    form: 'corners',
    each: 8,
  }),
  github('kha-white/manga-ocr', 'c333b5d36e88d539d6b040b4c4cf90ad5ecd4f69', {
    name: 'manga',
    about: 'vertical Japanese of comics, one bubble a picture',
    license: 'Apache-2.0 (the repository); excerpts of comics',
    use: 'research',
    scoring: { units: 'characters', lines: false, ordered: true },
    folder: 'tests/data/images',
    labels: () => 'tests/data/expected_results.json',
    form: 'paragraphs',
  }),
  github('Shyn1803/ocr-benchmark', '67aae6580912cb7d7283cfdafd8a1f735570fdd4', {
    name: 'doclaynet',
    about: 'pages of English reports, manuals and papers',
    license: 'CDLA-Permissive-1.0',
    use: 'free',
    scoring: { units: 'words', lines: false, ordered: true },
    folder: 'pdfs/doclaynet',
    labels: (name) => `ground-truth/doclaynet/cells/${name}.json`,
    form: 'cells',
  }),
  await manuals('zhdoc', 'pages of Chinese manuals', /[\u4e00-\u9fff]/, [
    'debian-reference-zh-cn',
    'debian-edu-doc-zh-cn',
    'texlive-lang-chinese',
  ]),
  await manuals('jadoc', 'pages of Japanese manuals', /[\u3040-\u30ff\u4e00-\u9fff]/, [
    'debian-reference-ja',
    'debian-edu-doc-ja',
  ]),
  screenshots('shots_zh', 'screenshots of Chinese manuals', ['debian-reference-zh-cn', 'kicad-doc-zh']),
  screenshots('shots_ja', 'screenshots of Japanese manuals', ['debian-reference-ja', 'kicad-doc-ja']),
  screenshots('shots_en', 'screenshots of English manuals', ['debian-reference-en', 'kicad-doc-en']),
];
await writeFormatted(manifestFile, JSON.stringify({ sets }));
for (const { name, pictures } of sets) console.log(`${name}: ${pictures.length} pictures`);

interface Listed extends Omit<PublicSet, 'origin' | 'pictures'> {
  /** The folder of pictures. */
  readonly folder: string;
  /** The file of a picture's labels; undefined if it has none. */
  readonly labels: (name: string) => string | undefined;
  readonly form: LabelForm;
  /** Pictures of each half. */
  readonly each?: number;
}

function github(repository: string, commit: string, listed: Listed): PublicSet {
  const { folder, labels, form, each = usualCount, ...set } = listed;
  const files = readdirSync(path.join(root, repository, folder)).filter((file) => /\.(png|jpg|pdf)$/.test(file));
  const withSum = (file: string): FileOfSet => ({
    path: file,
    sha256: sumOf(readFileSync(path.join(root, repository, file))),
  });
  const pictures = files.flatMap((file): SetPicture[] => {
    const { name } = path.parse(file);
    const own = labels(name);
    if (own === undefined || !existsSync(path.join(root, repository, own))) return [];
    return [{ name, picture: withSum(`${folder}/${file}`), labels: withSum(own), form }];
  });
  return { ...set, origin: { kind: 'github', repository, commit }, pictures: chosen(pictures, each) };
}

/** Pages of the PDF files of packages. */
async function manuals(name: string, about: string, script: RegExp, packages: readonly string[]): Promise<PublicSet> {
  const pictures: SetPicture[] = [];
  for (const own of packages) {
    const folder = unpack(debFile(own));
    for (const pdf of filesIn(folder, '.pdf')) {
      for (const page of await textPages(readFileSync(path.join(folder, pdf)), script, 6))
        pictures.push({ name: `${path.parse(pdf).name}-${page}`, package: own, pdf, page });
    }
  }
  return debianSet(name, about, packages, pictures);
}

/** Parts of the HTML pages of packages, as windows of three sizes show them. */
function screenshots(name: string, about: string, packages: readonly string[]): PublicSet {
  const views = [
    { width: 1280, height: 800, scale: 1, scroll: 0.3 },
    { width: 1920, height: 1080, scale: 1, scroll: 0.6 },
    { width: 390, height: 844, scale: 2, scroll: 0.45 },
  ];
  const pictures = packages.flatMap((own) =>
    filesIn(unpack(debFile(own)), '.html').flatMap((html) =>
      views.map((view) => ({ name: `${path.parse(html).name}-${view.width}`, package: own, html, view })),
    ),
  );
  return debianSet(name, about, packages, pictures);
}

function debianSet(
  name: string,
  about: string,
  packages: readonly string[],
  pictures: readonly SetPicture[],
): PublicSet {
  const origin = Object.fromEntries(
    packages.map((own) => [own, { file: poolFiles[own] ?? '', sha256: sumOf(readFileSync(debFile(own))) }]),
  );
  return {
    name,
    about,
    license: 'GPL-2+, GPL-3+, GFDL, LPPL (the copyright file of each package)',
    use: 'free',
    scoring: { units: name.endsWith('_en') ? 'words' : 'characters', lines: true, ordered: true },
    origin: { kind: 'debian', packages: origin },
    pictures: chosen(pictures, usualCount),
  };
}

function debFile(name: string): string {
  return path.join(root, 'debian', path.basename(poolFiles[name] ?? ''));
}

/** The pictures of each half whose names have the lowest sums, in the order of their names. */
function chosen(pictures: readonly SetPicture[], each: number): SetPicture[] {
  const named = new Map(pictures.map((picture) => [picture.name, picture]));
  return halves
    .flatMap((half) => lowestOf([...named.values()], half, each))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files of a folder and its folders, as paths from there. */
function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .sort();
}

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
