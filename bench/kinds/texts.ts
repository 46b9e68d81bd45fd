import { pick, type Random } from '../word-boxes/random.js';

/** Words with a space between them, at most `letters` long. */
export function wordsOf(random: Random, letters: number): string {
  let text = pick(words, random);
  for (;;) {
    const longer = `${text} ${random() < 0.15 ? String(100 + Math.floor(random() * 900)) : pick(words, random)}`;
    if (longer.length > letters) return text;
    text = longer;
  }
}

/** Exactly `letters` Chinese characters, in words. */
export function chineseWords(random: Random, letters: number): string {
  let text = '';
  while (text.length < letters) text += pick(chinese, random);
  return text.slice(0, letters);
}

const words =
  'copper garden the delivery note for your order has been checked and will be sent before market day with paper from harbour street people often read small print under their window while rain falls over quiet towns near rivers'.split(
    ' ',
  );

const chinese =
  '设备 操作 系统 日志 打开 位置 由于 性能 原因 一定 分配 查看 输出 决定 想要 可以 文件 图片 文字 识别 结果 数据 网络 时间 公司 地址 电话 北京 上海 学生 老师 今天 明天 天气'.split(
    ' ',
  );
