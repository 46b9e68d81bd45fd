import { chinese } from './chinese.js';
import { english, type Texts } from './english.js';

export type Language = 'en' | 'zh-CN';

export const languages: Readonly<Record<Language, { readonly name: string; readonly texts: Texts }>> = {
  en: { name: 'English', texts: english },
  'zh-CN': { name: '中文', texts: chinese },
};

/** The first of the user's languages that the page has; English if it has none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
