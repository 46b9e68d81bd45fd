import type { Field, ServedModule } from '../server/description.js';
import { changedFields, type FieldValues } from '../server/field-values.js';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly modules: readonly ServedModule[];
  readonly module: ServedModule;
  readonly values: FieldValues;
  readonly onModule: (route: string) => void;
  readonly onValue: (name: string, value: string) => void;
  readonly onReset: () => void;
}

/** The module, and a control for each field that its schema has. */
export function Settings({ modules, module, values, onModule, onValue, onReset }: Props) {
  const texts = useTexts();
  const isChanged = Object.keys(changedFields(module, values)).length > 0;
  return (
    <section class="settings" aria-label={texts.settings}>
      <label class="field">
        <span class="field-name">{texts.module}</span>
        <select value={module.route} onChange={({ currentTarget }) => onModule(currentTarget.value)}>
          {modules.map(({ route }) => (
            <option key={route} value={route}>
              {route}
            </option>
          ))}
        </select>
        <span class="faint" lang="en">
          {module.summary}
        </span>
      </label>
      <details>
        <summary>
          {texts.settings}
          {isChanged ? ' •' : ''}
        </summary>
        <p class="faint">{texts.settingsHint}</p>
        {module.fields.map((field) => (
          <FieldRow
            key={`${module.route} ${field.name}`}
            field={field}
            value={values[field.name] ?? ''}
            onValue={(value) => onValue(field.name, value)}
          />
        ))}
        {isChanged && (
          <button type="button" onClick={onReset}>
            {texts.reset}
          </button>
        )}
      </details>
    </section>
  );
}

interface FieldProps {
  readonly field: Field;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function FieldRow({ field, value, onValue }: FieldProps) {
  const id = `field-${field.name}`;
  return (
    <div class="field">
      <label for={id} class="field-name">
        {field.name}
      </label>
      <Control field={field} value={value} onValue={onValue} />
      {field.description !== '' && (
        <span id={`${id}-note`} class="faint" lang="en">
          {field.description}
        </span>
      )}
    </div>
  );
}

function Control({ field, value, onValue }: FieldProps) {
  const texts = useTexts();
  const { name, description, kind, choices, defaultText, minimum, maximum } = field;
  const id = `field-${name}`;
  const common = { id, ...(description === '' ? {} : { 'aria-describedby': `${id}-note` }) };
  if (kind === 'switch' || kind === 'choice') {
    const named = kind === 'switch' ? switchChoices(texts) : choices.map((choice) => [choice, choice] as const);
    const nameOf = new Map(named).get(defaultText) ?? defaultText;
    return (
      <select {...common} value={value} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
        <option value="">{texts.automatic(nameOf)}</option>
        {named.map(([choice, label]) => (
          <option key={choice} value={choice}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  const typed = {
    ...common,
    autocomplete: 'off',
    placeholder: defaultText,
    value,
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => onValue(currentTarget.value),
  } as const;
  if (kind === 'integer' || kind === 'number') {
    return <input {...typed} type="number" step={kind === 'integer' ? 1 : 'any'} min={minimum} max={maximum} />;
  }
  return name === 'password' ? (
    <input {...typed} type="password" />
  ) : (
    <input {...typed} type="text" spellcheck={false} />
  );
}

function switchChoices({ on, off }: ReturnType<typeof useTexts>): readonly (readonly [string, string])[] {
  return [
    ['true', on],
    ['false', off],
  ];
}
