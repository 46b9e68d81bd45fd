// Prints each link of the documentation that leads nowhere: a file that is not there, or a section that no heading makes.
// Links to other sites are not followed.
//   npm run links
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { lexer, walkTokens } from 'marked';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['.github', 'bench', 'docs', 'examples', 'models', 'src', 'test', 'tools'];

/**
 * The Markdown files of the repository, relative to its root.
 *
 * @returns {string[]}
 */
export function markdownFiles() {
  const ofFolder = (folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  const names = [...readdirSync(root), ...folders.filter(isThere).flatMap(ofFolder)];
  // bench/out has what the benchmarks bring and install.
  const isOurs = (name) =>
    !name.split(path.sep).includes('node_modules') && !name.startsWith(path.join('bench', 'out'));
  return names.filter((name) => name.endsWith('.md') && isOurs(name)).sort();
}

/**
 * The links and pictures of a Markdown file that lead to files of the repository.
 *
 * @param {string} file relative to the root
 * @returns {string[]} as written, without their titles
 */
export function localLinks(file) {
  const links = [];
  walkTokens(lexer(textOf(file)), (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(token.href);
  });
  return links.filter((link) => !/^(https?|mailto):/.test(link));
}

/**
 * @param {string} file relative to the root
 * @returns {string[]} the links that lead nowhere, each with the reason
 */
export function brokenLinks(file) {
  return localLinks(file).flatMap((link) => {
    const [target = '', section] = link.split('#');
    const found = target === '' ? file : path.join(path.dirname(file), decodeURI(target));
    if (!isThere(found)) return [`${file}: ${link}: there is no ${found}`];
    if (section === undefined || anchorsOf(found).has(decodeURI(section))) return [];
    return [`${file}: ${link}: ${found} has no such section`];
  });
}

/** The anchors that GitHub gives to the headings of a file. */
function anchorsOf(file) {
  const slugger = new GithubSlugger();
  const anchors = new Set();
  walkTokens(lexer(textOf(file)), (token) => {
    if (token.type === 'heading') anchors.add(slugger.slug(token.text.replaceAll(/[`*]|\]\([^)]*\)|\[/g, '')));
  });
  return anchors;
}

function textOf(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

function isThere(name) {
  return statSync(path.join(root, name), { throwIfNoEntry: false }) !== undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = markdownFiles();
  const broken = files.flatMap(brokenLinks);
  for (const line of broken) console.error(line);
  console.log(`${files.length} files, ${broken.length} broken links`);
  if (broken.length > 0) process.exitCode = 1;
}
