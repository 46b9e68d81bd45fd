/** What differs from ocr_system; every other parameter keeps its default, and may be set here too. */
export const params = {
  // The angle is the classifier's answer, so it must be asked.
  use_angle_cls: true,
} as const;
