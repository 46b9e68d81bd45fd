/** Parameters of ocr_cls. Edit a value, then: ocrhub install <this folder>, and start the server again. */
export const params = {
  // ── Angle of a line ────────────────────────────────────────────────────────────────────────────────────────────────
  // A model set, a folder with cls.onnx, or an ONNX file.
  cls_model_dir: 'ppocrv6-small',
  // Channels, height and width of the network's input in pixels.
  cls_image_shape: '3, 48, 192',
  // true: judge a long line by its first part, which is surer · false: squeeze the whole line, and answer as the original.
  cls_first_part: false,
  label_list: ['0', '180'],
  // Lines in one run, 1 to 256.
  cls_batch_num: 30,
  // Probability, 0 to 1: a line is turned if "180" is more probable. PaddleOCR's value.
  cls_thresh: 0.9,
  // cpu · cuda: needs CUDA_VISIBLE_DEVICES and an onnxruntime with CUDA, and never falls back to the CPU silently.
  device: 'cpu',
  // The original's parameter: true means device: 'cuda'.
  use_gpu: false,
} as const;
