/**
 * The lines of text in the window of a browser, in the order of the document, and its pictures; in pixels of the page. A line that
 * the window cuts, and a picture, have `isCut`. Runs in the browser, which gets its source: it uses nothing outside itself.
 */
export function textsInView() {
  const blockOf = (element) => {
    let block = element;
    while (block.parentElement && /^(inline|contents)$/.test(getComputedStyle(block).display))
      block = block.parentElement;
    return block;
  };
  const lines = [];
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { data, parentElement } = node;
    const isShown = parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!isShown || data.trim() === '') continue;
    const block = blockOf(parentElement);
    for (let i = 0; i < data.length; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getClientRects()[0];
      const line = lines.at(-1);
      if (!box || box.width === 0) {
        if (line && /\s/.test(data[i])) line.text += ' ';
        continue;
      }
      const middle = (box.top + box.bottom) / 2;
      const isLevel = line?.block === block && middle > line.top && middle < line.bottom && box.left > line.left;
      // A wide gap parts texts, as in a table made of tabs.
      if (isLevel && box.left - line.right < 1.2 * box.height) {
        line.text += data[i];
        line.right = Math.max(line.right, box.right);
        line.top = Math.min(line.top, box.top);
        line.bottom = Math.max(line.bottom, box.bottom);
      } else {
        lines.push({ text: data[i], left: box.left, top: box.top, right: box.right, bottom: box.bottom, block });
      }
    }
  }
  const pictures = [...document.querySelectorAll('img, svg, canvas, video, iframe, object')]
    .map((element) => element.getBoundingClientRect())
    .filter(({ width, height }) => width > 30 && height > 30)
    .map(({ left, top, right, bottom }) => ({ text: '', left, top, right, bottom, isCut: true }));
  const texts = lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, left, top, right, bottom }) => {
      const isCut = left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
      return { text: text.trim(), left, top, right, bottom, isCut };
    });
  const isInWindow = ({ left, top, right, bottom }) =>
    right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return [...pictures, ...texts].filter(isInWindow);
}
