import { useCallback, useState } from 'preact/hooks';
import { isTokenRefused, type ListedFile } from './files/file-list.js';
import { useFiles } from './files/use-files.js';
import { useIntake } from './files/use-intake.js';
import type { ServedModule } from './server/description.js';
import { changedFields, type FieldValues } from './server/field-values.js';
import { rememberedToken, rememberToken } from './server/token.js';
import { useDescription } from './server/use-description.js';
import { languages } from './texts/language.js';
import { useLanguage } from './texts/use-language.js';
import { TextsContext } from './texts/use-texts.js';
import { Announcer } from './view/announcer.js';
import { FileRows } from './view/file-rows.js';
import { Header } from './view/header.js';
import { Intake } from './view/intake.js';
import { ProblemText } from './view/problem-text.js';
import { Programs } from './view/result/programs.js';
import { Result } from './view/result/result.js';
import { Settings } from './view/settings.js';
import { TokenForm } from './view/token-form.js';

/** The page for people: files on one side, the result of one of them on the other. */
export function Page() {
  const [language, setLanguage] = useLanguage();
  const { texts } = languages[language];
  const description = useDescription();
  const [token, setToken] = useState(rememberedToken);
  const [route, setRoute] = useState<string>();
  const [values, setValues] = useState<FieldValues>({});
  const modules = description.found?.modules ?? [];
  const module = modules.find((each) => each.route === route) ?? modules[0];
  const files = useFiles({
    requestFor: module && ((file) => ({ file, route: module.route, fields: changedFields(module, values) })),
    token,
    maxBody: description.found?.maxBody,
  });
  const add = useCallback((added: readonly File[]) => files.add(added), []);
  const isOver = useIntake(add);
  const shown = files.files.find(({ id }) => id === files.shown);
  const isRefused = files.files.some(isTokenRefused);

  const useToken = (given: string): void => {
    rememberToken(given);
    setToken(given);
    files.retryWithToken();
  };

  return (
    <TextsContext.Provider value={texts}>
      <Header language={language} onLanguage={setLanguage} />
      <Announcer files={files.files} />
      <main class={files.files.length === 0 ? 'columns empty' : 'columns'}>
        <div class="side">
          <Intake onFiles={add} isOver={isOver} />
          {description.found === undefined && description.problem === undefined && <p>{texts.loading}</p>}
          {description.problem !== undefined && (
            <div class="problem" role="alert">
              <ProblemText problem={description.problem} maxBody={undefined} />
              <button type="button" onClick={description.retry}>
                {texts.retry}
              </button>
            </div>
          )}
          {description.found?.modules.length === 0 && <p class="problem">{texts.noModules}</p>}
          {isRefused && <TokenForm wasRefused={token !== ''} onToken={useToken} />}
          <FileRows files={files} maxBody={description.found?.maxBody} />
          {module && (
            <Settings
              modules={modules}
              module={module}
              values={values}
              onModule={setRoute}
              onValue={(name, value) => setValues({ ...values, [name]: value })}
              onReset={() => setValues({})}
            />
          )}
        </div>
        <div class="main">
          {shown?.state.kind === 'done' && (
            <Result key={`${shown.id}`} state={shown.state} formats={formatsOf(modules, shown)} token={token} />
          )}
          {module && shown?.state.kind !== 'done' && (
            <Programs
              request={{ file: undefined, route: module.route, fields: changedFields(module, values) }}
              isDocument={false}
              needsToken={isRefused || token !== ''}
            />
          )}
        </div>
      </main>
    </TextsContext.Provider>
  );
}

function formatsOf(modules: readonly ServedModule[], { state }: ListedFile): readonly string[] {
  const route = state.kind === 'done' ? state.request.route : undefined;
  return modules.find((module) => module.route === route)?.formats ?? [];
}
