import type { Random } from './random.js';
import { pick } from './random.js';

export interface Face {
  readonly family: string;
  readonly weight?: string;
  readonly style?: string;
  /** Above and below the base line, to the size: what a browser or an editor selects. */
  readonly ascent: number;
  readonly descent: number;
}

/** A word as it is drawn, with or without a space before it. */
export interface Part {
  readonly text: string;
  readonly spaced: boolean;
}

const latinFaces: readonly Face[] = [
  { family: 'DejaVu Sans', ascent: 0.928, descent: 0.236 },
  { family: 'DejaVu Sans', weight: 'bold', ascent: 0.928, descent: 0.236 },
  { family: 'DejaVu Serif', ascent: 0.939, descent: 0.236 },
  { family: 'DejaVu Serif', style: 'italic', ascent: 0.939, descent: 0.236 },
  { family: 'DejaVu Sans Mono', ascent: 0.928, descent: 0.236 },
];
const hanFaces: readonly Face[] = [
  { family: 'Noto Sans CJK SC', ascent: 0.88, descent: 0.12 },
  { family: 'Noto Serif CJK SC', ascent: 0.88, descent: 0.12 },
  { family: 'Noto Sans CJK SC', weight: 'bold', ascent: 0.88, descent: 0.12 },
];

const latinWords =
  'I a of to in it is be as at so we he by or on do if me my up an go no us the and for are but not you all any can had her was one our out day get has him his how man new now old see two way who boy did its let put say she too use bright orange window garden harbour silver market receipt total amount quickly people number through between another important different following available international'.split(
    ' ',
  );
const numbers = ['1', '7', '12', '2026', '3.50', '$19.99', '09:00-21:30', '20%', '(1,', '3).', '#42', 'A4', 'No.'];
const han =
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严';
export const punctuation = '，。、：；！？';

export interface Kind {
  readonly name: string;
  readonly angle: number;
  readonly line: (random: Random) => readonly Part[];
  readonly faces: readonly Face[];
  /** Whether the tests have such a page, too. */
  readonly isFixture?: boolean;
  /** How the page is spoilt. */
  readonly flaw?: 'noise' | 'underline';
}

export const kinds: readonly Kind[] = [
  { isFixture: true, name: 'Latin', angle: 0, line: latinLine, faces: latinFaces },
  { isFixture: true, name: 'Chinese', angle: 0, line: hanLine, faces: hanFaces },
  { isFixture: true, name: 'mixed', angle: 0, line: mixedLine, faces: hanFaces },
  { isFixture: true, name: 'Latin, 30 degrees', angle: -30, line: latinLine, faces: latinFaces },
  { isFixture: true, name: 'Chinese, 30 degrees', angle: -30, line: hanLine, faces: hanFaces },
  { name: 'Latin, 7 degrees', angle: 7, line: latinLine, faces: latinFaces },
  { isFixture: true, name: 'Latin, upside down', angle: 180, line: latinLine, faces: latinFaces },
  { name: 'Chinese, upside down', angle: 180, line: hanLine, faces: hanFaces },
  { isFixture: true, name: 'Latin, sideways', angle: 90, line: latinLine, faces: latinFaces },
  { name: 'Latin, noise', angle: 0, line: latinLine, faces: latinFaces, flaw: 'noise' },
  { name: 'Chinese, noise', angle: 0, line: hanLine, faces: hanFaces, flaw: 'noise' },
  { name: 'Latin, underlined', angle: 0, line: latinLine, faces: latinFaces, flaw: 'underline' },
];

function latinLine(random: Random): Part[] {
  const count = 4 + Math.floor(random() * 4);
  return Array.from({ length: count }, (_, i) => {
    const word = random() < 0.2 ? pick(numbers, random) : pick(latinWords, random);
    const capital = i === 0 || random() < 0.1 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    const mark = /[a-z]$/.test(capital) && random() < 0.15 ? pick([',', '.', ':', '!'], random) : '';
    return { text: capital + mark, spaced: i > 0 };
  });
}

function hanLine(random: Random): Part[] {
  const count = 8 + Math.floor(random() * 10);
  return Array.from({ length: count }, (_, i) => ({
    text: i > 1 && i % 6 === 5 ? pick(Array.from(punctuation), random) : pick(Array.from(han), random),
    spaced: false,
  }));
}

function mixedLine(random: Random): Part[] {
  const before = hanLine(random).slice(0, 3 + Math.floor(random() * 4));
  const latin = latinLine(random).slice(0, 2);
  const after = hanLine(random).slice(0, 3);
  const isSpaced = random() < 0.5;
  return [
    ...before,
    ...latin.map((word, i) => ({ ...word, spaced: i > 0 || isSpaced })),
    ...after.map((character, i) => ({ ...character, spaced: i === 0 && isSpaced })),
  ];
}
