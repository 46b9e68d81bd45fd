import type { StageTime } from '../../server/stage-times.js';
import type { StageName } from '../../texts/stage-names.js';
import { useTexts } from '../../texts/use-texts.js';

/** How long each stage took on the server. */
export function Times({ times }: { readonly times: readonly StageTime[] }) {
  const texts = useTexts();
  if (times.length === 0) return null;
  const total = times.find(({ name }) => name === 'total')?.ms ?? 0;
  return (
    <details>
      <summary>
        {texts.times}: {texts.milliseconds(total.toFixed(0))}
      </summary>
      <dl class="times">
        {times.map(({ name, ms }) => (
          <div key={name}>
            <dt>{name in texts.stages ? texts.stages[name as StageName] : name}</dt>
            <dd>{texts.milliseconds(ms.toFixed(1))}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
