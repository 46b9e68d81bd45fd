/** Parameters of ocr_rec. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── All at once ────────────────────────────────────────────────────────────────────────────────────────────────────
  // default: as written below · accurate, fast, reference: their own values instead of some below (docs/models.md).
  setting: 'default',
  // auto: 8-bit integers where the processor gains by them and they read the same · int8 · f32.
  precision: 'auto',
  // ── Recognition ────────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set, a folder with rec.onnx and dict.txt, or an ONNX file.
  rec_model_dir: 'ppocrv6-small',
  rec_algorithm: 'CRNN',
  // Channels, height and (in the original) least width in pixels; here rec_min_width says the latter.
  rec_image_shape: '3, 48, 320',
  // Lines in one run, 1 to 256. The original has 6; one at a time, no line is padded to the widest.
  rec_batch_num: 1,
  // Pixels: narrower lines are padded to it. The original has 320.
  rec_min_width: 96,
  // Pixels of gray behind a line. The original has none of its own, and pads to 320.
  rec_margin: 4,
  // Width of a line to what its aspect asks: below 1 it is squeezed, which takes less time. The original has 1.
  rec_width_scale: 1,
  // Pixels: widths are rounded up to a multiple. The original has 1.
  rec_width_multiple: 8,
  // Probability from which a faint space parts two letters; 1: only where it is the best class, as in the original.
  rec_space_thresh: 0.1,
  // Pixels: longer lines are read in pieces, which bounds the memory of a run.
  rec_max_width: 6400,
  // A dictionary of your own, one character a line; empty: the one that belongs to the model.
  rec_char_dict_path: '',
  use_space_char: true,
  // Answer the words of each line too, with their boxes. PaddleOCR's value.
  return_word_box: false,
  // cpu · cuda: needs CUDA_VISIBLE_DEVICES and an onnxruntime with CUDA, and never falls back to the CPU silently.
  device: 'cpu',
  // The original's name: true means device: 'cuda'.
  use_gpu: false,
} as const;
