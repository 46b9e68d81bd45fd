import type { TextLine } from 'ocrhub';

/** The first date of a receipt as YYYY-MM-DD: 14/03/2026, 14.03.26, 2026-03-14, 14 Mar 2026 or 14 MAR 26. */
export function findDate(lines: readonly TextLine[], monthFirst: boolean): string | undefined {
  for (const { text } of lines) {
    const date = yearFirst(text) ?? yearLast(text, monthFirst) ?? monthInWords(text);
    if (date !== undefined) return date;
  }
  return undefined;
}

function yearFirst(text: string): string | undefined {
  const [, year, month, day] = /(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text) ?? [];
  return toDate(Number(year), Number(month), Number(day));
}

function yearLast(text: string, monthFirst: boolean): string | undefined {
  const [, first, second, year] = /(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d|\d\d)(?=\d\d:|\D|$)/.exec(text) ?? [];
  const [day, month] = monthFirst ? [second, first] : [first, second];
  return toDate(Number(year), Number(month), Number(day));
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function monthInWords(text: string): string | undefined {
  const [, day, name = '', year] = /(?<!\d)(\d{1,2})[- ]?([a-z]{3})[a-z]*[- ,]*(20\d\d|\d\d)(?!\d)/i.exec(text) ?? [];
  return toDate(Number(year), months.indexOf(name.toLowerCase()) + 1, Number(day));
}

/** Undefined for what is no day of the calendar, such as 31/02, or no number. */
function toDate(year: number, month: number, day: number): string | undefined {
  const full = year < 100 ? 2000 + year : year;
  const date = new Date(Date.UTC(full, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}
