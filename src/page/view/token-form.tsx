import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  /** A token was sent, and refused. */
  readonly wasRefused: boolean;
  readonly onToken: (token: string) => void;
}

/** Asks for the token of the server, after it has refused a file. */
export function TokenForm({ wasRefused, onToken }: Props) {
  const texts = useTexts();
  const [token, setToken] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // A header has no other letters.
  const isValid = /^[\x21-\x7e]+$/.test(token.trim());
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onToken(token.trim());
      }}
    >
      <p role="alert">{wasRefused ? texts.tokenRefused : texts.tokenNeeded}</p>
      <label>
        {texts.token}
        <input
          ref={input}
          type="password"
          autocomplete="off"
          value={token}
          aria-describedby="token-note"
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <p id="token-note" class="faint">
        {token.trim() === '' || isValid ? texts.tokenKept : texts.tokenForm}
      </p>
      <button type="submit" class="primary">
        {texts.tokenUse}
      </button>
    </form>
  );
}
