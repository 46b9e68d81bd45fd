/**
 * A text for a terminal: control characters, which a terminal may obey, are written as in JSON, such as \\u001b. Tabs and line ends
 * stay. File names, answers of servers and log lines may hold any character; ESC and U+009B begin commands.
 */
export function printable(text: string): string {
  return text.replace(controls, escaped);
}

/** The same for what must stay on its line, such as a name in a table: line ends and tabs are written as \\u000a too. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\t\n\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** C0 without tab and line feed, DEL, C1, and what turns the direction of the text around it (Unicode TR 36). */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
