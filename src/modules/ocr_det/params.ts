/** Parameters of ocr_det. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── Presets ────────────────────────────────────────────────────────────────────────────────────────────────────────
  // default: the values below · accurate, fast, reference: presets, which replace some of them (docs/models.md).
  setting: 'default',
  // auto: 8-bit integers if they are faster on this processor and the text is the same · int8 · f32.
  precision: 'auto',
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
  // cpu · cuda: needs CUDA_VISIBLE_DEVICES and an onnxruntime with CUDA, and never falls back to the CPU silently.
  device: 'cpu',
  // The original's parameter: true means device: 'cuda'.
  use_gpu: false,
} as const;
