import { languages, type Language } from '../texts/language.js';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function Header({ language, onLanguage }: Props) {
  const texts = useTexts();
  return (
    <header class="header">
      <h1>ocrhub</h1>
      <p>{texts.intro}</p>
      <label class="language">
        <span class="visually-hidden">{texts.language}</span>
        <select value={language} onChange={({ currentTarget }) => onLanguage(currentTarget.value as Language)}>
          {Object.entries(languages).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
