import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { english, type Texts } from './english.js';

export const TextsContext = createContext<Texts>(english);

export function useTexts(): Texts {
  return useContext(TextsContext);
}
