/** Where the other service is. */
export const params = {
  url: 'http://127.0.0.1:8866/predict/ocr_system',
  // Seconds that it may take.
  timeout: 30,
};
