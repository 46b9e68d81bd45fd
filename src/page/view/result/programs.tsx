import { useState } from 'preact/hooks';
import { predictPath, serverUrl } from '../../server/server.js';
import { toCurl } from '../../snippets/curl.js';
import { toJavaScript } from '../../snippets/javascript.js';
import { secretsOf, type ProgramRequest } from '../../snippets/program.js';
import { toPython } from '../../snippets/python.js';
import { useTexts } from '../../texts/use-texts.js';
import { CopyButton } from './copy-button.js';
import { Tabs } from './tabs.js';

interface Props {
  readonly request: {
    /** Undefined before a file was read. */
    readonly file: { readonly name: string } | undefined;
    readonly route: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  readonly isDocument: boolean;
  readonly needsToken: boolean;
}

const writers = { curl: toCurl, python: toPython, javascript: toJavaScript };
const names = { curl: 'curl', python: 'Python', javascript: 'JavaScript' };

/** The request of the page as programs that can be copied. */
export function Programs({ request: { file, route, fields }, isDocument, needsToken }: Props) {
  const texts = useTexts();
  const [language, setLanguage] = useState<keyof typeof writers>('curl');
  const url = new URL(predictPath(route), serverUrl).href;
  const request: ProgramRequest = { url, fileName: file?.name ?? 'page.jpg', fields, isDocument, needsToken };
  const code = writers[language](request);
  const secrets = secretsOf(request);
  return (
    <details>
      <summary>{texts.program}</summary>
      <Tabs id="program" label={texts.programLabel} tabs={names} chosen={language} onChoose={setLanguage}>
        <pre class="code" tabIndex={0} data-program={language}>
          {code}
        </pre>
        <p class="faint">
          {texts.programNote} {secrets.length > 0 && texts.programSecrets(secrets.join(', '))}
        </p>
        <CopyButton label={texts.copy} text={code} />
      </Tabs>
    </details>
  );
}
