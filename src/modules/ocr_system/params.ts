/** Parameters of ocr_system. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── Presets ────────────────────────────────────────────────────────────────────────────────────────────────────────
  // default: the values below · accurate, fast, reference: presets, which replace some of them (docs/models.md).
  setting: 'default',
  // auto: 8-bit integers if they are faster on this processor and the text is the same · int8 · f32.
  precision: 'auto',
  // ── Pipeline ───────────────────────────────────────────────────────────────────────────────────────────────────────
  // auto: pages and lines that are turned by 90, 180 or 270 degrees are found and read · 0, 90, 180, 270: each page is turned
  // clockwise by so much. The original reads each page as it is.
  page_rotation: 'auto',
  // Run the angle classifier, and turn lines that are upside down. The original has true.
  use_angle_cls: false,
  // Leave out what is read in bricks, stripes and other patterns on a page with hardly any text. The original keeps it.
  drop_textures: true,
  // Also read numbers on displays of seven segments by their segments. The original does not.
  read_displays: true,
  // Also read columns of Chinese and Japanese with their letters side by side, which finds marks such as ー. The original does not.
  read_vertical_marks: true,
  // Confidence, 0 to 1: lines below it are left out of the answer. PaddleOCR's value.
  drop_score: 0.5,
  // ── Detection ──────────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set (ocrhub's models/manifest.json names them), a folder with det.onnx, or an ONNX file.
  det_model_dir: 'ppocrv6-small',
  det_algorithm: 'DB',
  // same: the value of precision · f32: even if precision is auto, which finds a few more faint lines.
  det_precision: 'same',
  // Pixels, 32 to 4000: the side named by det_limit_type is resized to this length. PaddleOCR's value.
  det_limit_side_len: 960,
  // max: shrink until the longer side fits · min: enlarge until the shorter side fits · resize_long: exactly.
  det_limit_type: 'max',
  // Detect long strips in slices, so that their letters are not shrunk too much. The original has no slices.
  det_slice: true,
  // Look again, larger, where the letters of a large picture are too small. The original looks once.
  det_small_print: true,
  // Pixels, 32 to 4000: maximum length of a side, for every det_limit_type.
  det_max_side_limit: 4000,
  // Pixels, 128000 to 16000000: a larger picture is scaled down, which limits memory (200 MB per million pixels).
  det_max_pixels: 4_000_000,
  // Probability, 0 to 1: a pixel above it counts as text. PaddleOCR's value.
  det_db_thresh: 0.3,
  // Probability, 0 to 1: boxes with a lower mean are dropped. HubServing's ocr_system has 0.5.
  det_db_box_thresh: 0.4,
  // Ratio, 0 to 10: boxes grow by area * ratio / perimeter. The value of HubServing's ocr_system.
  det_db_unclip_ratio: 1.6,
  // Grow the mask by a pixel, which joins letters that stand apart.
  use_dilation: false,
  // fast: a box's score is the mean over its rectangle · slow: over its outline.
  det_db_score_mode: 'fast',
  // quad: four corners.
  det_box_type: 'quad',
  // false: free the memory after each page, which takes time.
  det_keep_memory: true,
  // ── Angle of a line ────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set, a folder with cls.onnx, or an ONNX file.
  cls_model_dir: 'ppocrv6-small',
  // Channels, height and width of the network's input in pixels.
  cls_image_shape: '3, 48, 192',
  label_list: ['0', '180'],
  // Lines in one run, 1 to 256.
  cls_batch_num: 30,
  // Probability, 0 to 1: a line is turned if "180" is more probable. PaddleOCR's value.
  cls_thresh: 0.9,
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
  // A tilted line is cut out at the recognizer's height in one step; the original cuts it out and then resizes it.
  crop_once: true,
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
