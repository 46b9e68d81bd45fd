/** Parameters of ocr_det. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── All at once ────────────────────────────────────────────────────────────────────────────────────────────────────
  // default: as written below · accurate, fast, reference: their own values instead of some below (docs/models.md).
  setting: 'default',
  // auto: 8-bit integers where the processor gains by them and they read the same · int8 · f32.
  precision: 'auto',
  // ── Detection ──────────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set (ocrhub's models/manifest.json names them), a folder with det.onnx, or an ONNX file.
  det_model_dir: 'ppocrv6-small',
  det_algorithm: 'DB',
  // same: as precision says · f32: this network in f32 where precision is auto, which finds a few more faint lines.
  det_precision: 'same',
  // Pixels, 32 to 4000: the side named by det_limit_type is brought to this length. PaddleOCR's value.
  det_limit_side_len: 960,
  // max: shrink until the longer side fits · min: enlarge until the shorter side fits · resize_long: exactly.
  det_limit_type: 'max',
  // Look at long strips in slices, so that their letters are not shrunk away. The original has no such thing.
  det_slice: true,
  // Pixels, 32 to 4000: no side is longer than this, whatever det_limit_type asks.
  det_max_side_limit: 4000,
  // Pixels, 128000 to 16000000: more are scaled down before a run, which bounds its memory (200 MB a million).
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
  // false: give the memory of a page back, which takes time.
  det_keep_memory: true,
  // cpu · cuda: needs CUDA_VISIBLE_DEVICES and an onnxruntime with CUDA, and never falls back to the CPU silently.
  device: 'cpu',
  // The original's name: true means device: 'cuda'.
  use_gpu: false,
} as const;
