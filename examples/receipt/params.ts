/** What is looked for on a receipt. The parameters of ocr_system may be set here too. */
export const params = {
  // What stands before the total, the surest first; capitals do not matter.
  total_labels: ['grand total', 'total due', 'amount due', 'total', 'summe', '合计'],
  // Lines that hold such a word are something else.
  other_labels: ['sub', 'tax', 'gst', 'vat', 'qty', 'item', 'saving', 'discount'],
};
