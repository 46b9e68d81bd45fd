import { useEffect, useState } from 'preact/hooks';
import { languages, preferredLanguage, type Language } from './language.js';

const key = 'ocrhub.language';

/** The language of the page: the one that was chosen here before, or the browser's. */
export function useLanguage(): readonly [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(() => preferredLanguage([chosenBefore(), ...navigator.languages]));
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = languages[language].texts.title;
  }, [language]);
  return [
    language,
    (chosen) => {
      setLanguage(chosen);
      keep(chosen);
    },
  ];
}

function chosenBefore(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    // The browser keeps nothing for this page.
    return '';
  }
}

function keep(language: Language): void {
  try {
    localStorage.setItem(key, language);
  } catch {
    // As above.
  }
}
