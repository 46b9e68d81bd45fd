/** Parameters of ocr_rec. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── Presets ────────────────────────────────────────────────────────────────────────────────────────────────────────
  // default: the values below · accurate, fast, reference: presets, which replace some of them (docs/models.md).
  setting: 'default',
  // auto: 8-bit integers if they are faster on this processor and the text is the same · int8 · f32.
  precision: 'auto',
  // ── Recognition ────────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set, a folder with rec.onnx and dict.txt, or an ONNX file.
  rec_model_dir: 'ppocrv6-small',
  // Further recognizers, named as rec_model_dir, which a request may choose with rec_model. Each takes memory of its own.
  rec_models: [],
  // The one that reads: rec_model_dir or one of rec_models; empty: rec_model_dir.
  rec_model: '',
  rec_algorithm: 'CRNN',
  // Channels, height and (in the original) minimum width in pixels; here rec_min_width sets the latter.
  rec_image_shape: '3, 48, 320',
  // Lines in one run, 1 to 256. The original has 6; with 1, no line is padded to the width of another.
  rec_batch_num: 1,
  // Pixels: narrower lines are padded to this width. The original has 320.
  rec_min_width: 96,
  // Gray pixels added after a line. The original adds none, but pads to 320.
  rec_margin: 4,
  // Width of a line relative to its aspect ratio; below 1 it is squeezed, which saves time. The original has 1.
  rec_width_scale: 1,
  // Pixels: widths are rounded up to a multiple of this. The original has 1.
  rec_width_multiple: 8,
  // Minimum probability of a faint space between two letters; 1: only if it is the best class, as in the original.
  rec_space_thresh: 0.1,
  // No space that is as narrow as the gaps between the letters of its line. The reference keeps it.
  rec_even_spacing: true,
  // Read 25°C, and not 25°℃: a part of a sign beside the whole sign is left out. The original keeps it.
  rec_whole_signs: true,
  // Pixels: longer lines are read in pieces, which limits the memory of a run.
  rec_max_width: 6400,
  // A dictionary of your own, one character per line; empty: the dictionary of the model.
  rec_char_dict_path: '',
  use_space_char: true,
  // Also answer the words of each line, with their boxes. PaddleOCR's value.
  return_word_box: false,
  // cpu · cuda: needs CUDA_VISIBLE_DEVICES and an onnxruntime with CUDA, and never falls back to the CPU silently.
  device: 'cpu',
  // The original's parameter: true means device: 'cuda'.
  use_gpu: false,
} as const;
