import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/ocrhub.js';
import type { LabelForm } from './label-forms.js';

/** A public set of labelled pictures, and which of them are read. */
export interface PublicSet {
  readonly name: string;
  /** What is on the pictures. */
  readonly about: string;
  readonly origin: Repository | Debian;
  readonly license: string;
  /** `research`: its license allows research only. It is brought with `--research`. */
  readonly use: 'free' | 'research';
  readonly scoring: Scoring;
  readonly pictures: readonly SetPicture[];
}

/** How a set is compared with its labels. */
export interface Scoring {
  /** The units of F1: words, or characters where words are not set apart by spaces. */
  readonly units: 'words' | 'characters';
  /** Whether a label is a line. Line recall of other sets says nothing. */
  readonly lines: boolean;
  /** Whether the labels are in reading order. 1-NED of other sets says nothing. */
  readonly ordered: boolean;
}

/** A repository on GitHub. */
interface Repository {
  readonly kind: 'github';
  readonly repository: string;
  readonly commit: string;
}

/** Packages of Debian: file of the package in the archive, and its SHA-256, by the name of the package. */
interface Debian {
  readonly kind: 'debian';
  readonly packages: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

export interface FileOfSet {
  readonly path: string;
  readonly sha256: string;
}

export type SetPicture =
  /** A picture, or a PDF file of one page, and its labels. */
  | { readonly name: string; readonly picture: FileOfSet; readonly labels: FileOfSet; readonly form: LabelForm }
  /** A page of a PDF file in a package of Debian; its labels are its own text. */
  | { readonly name: string; readonly package: string; readonly pdf: string; readonly page: number }
  /** A part of a page of HTML in a package of Debian; its labels are the text of the page. */
  | { readonly name: string; readonly package: string; readonly html: string; readonly view: View };

/** What a browser's window shows. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen for a pixel of the page. */
  readonly scale: number;
  /** How far the page is scrolled, as a share of its height. */
  readonly scroll: number;
}

export const manifestFile = path.join(root, 'bench', 'accuracy', 'sets.json');

export function publicSets(): PublicSet[] {
  return (JSON.parse(readFileSync(manifestFile, 'utf8')) as { sets: PublicSet[] }).sets;
}

/** How sets that are not public are compared: those of `--pages`, and those that are drawn. */
export function scoringOf(set: string, labels: readonly string[]): Scoring {
  const characters = labels.join('').replace(/\s/g, '');
  const cjk = characters.match(/[\u3040-\u30ff\u4e00-\u9fff]/gu)?.length ?? 0;
  return {
    units: cjk > 0.3 * characters.length ? 'characters' : 'words',
    lines: true,
    ordered: !set.startsWith('ui_'),
  };
}
