import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly onFiles: (files: readonly File[]) => void;
  /** Files are held over the page. */
  readonly isOver: boolean;
}

/** Where files come in. The whole page takes files that are dropped. */
export function Intake({ onFiles, isOver }: Props) {
  const texts = useTexts();
  return (
    <section class={isOver ? 'intake over' : 'intake'} aria-label={texts.choose}>
      <div class="buttons">
        <FileInput
          label={texts.choose}
          accept="image/*,.tif,.tiff,.bmp,.pdf,application/pdf"
          multiple
          onFiles={onFiles}
        />
        <FileInput label={texts.photograph} accept="image/*" capture="environment" onFiles={onFiles} />
      </div>
      <p>{isOver ? texts.dropNow : texts.dropOrPaste}</p>
    </section>
  );
}

interface InputProps {
  readonly label: string;
  readonly accept: string;
  readonly multiple?: boolean;
  /** On phones: opens the camera on the back. */
  readonly capture?: 'environment';
  readonly onFiles: (files: readonly File[]) => void;
}

/** The browser's own input under a label that looks like a button; the input takes the focus and the keys. */
function FileInput({ label, onFiles, ...input }: InputProps) {
  return (
    <label class={input.capture === undefined ? 'file-input' : 'file-input camera'}>
      <input
        type="file"
        {...input}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      <span>{label}</span>
    </label>
  );
}
