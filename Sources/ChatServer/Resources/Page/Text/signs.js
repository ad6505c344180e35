// Rules of Unicode for the signs in a text. ChatText.swift has the same ones for the server.

// Characters without a glyph. Unicode says that `\p{DI}` should be ignored.
const BLANK = new RegExp(String.raw`^[\p{White_Space}\p{DI}\u2800\uFFF9-\uFFFB`
  + String.raw`\u{13430}-\u{1343F}\u{13441}\u{13442}\u{16FE4}\u{1D159}]*$`, "u");
const SPACE = /\p{White_Space}/u;
// If the browser has no segmenter: flags, and signs with their marks, tones and joined signs.
const CLUSTER = new RegExp(String.raw`\p{RI}{2}|.(?:[\p{M}\p{Emoji_Modifier}\u{E0020}-\u{E007F}]`
  + String.raw`|\u200D\p{Extended_Pictographic})*`, "gsu");
const segmenter = Intl.Segmenter && new Intl.Segmenter();

/** Whether the text has nothing visible. */
export const isBlank = (text) => BLANK.test(text);

/** The text without the white space around it. */
export function trimmed(text) {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.test(text[start])) start++;
  while (start < end && SPACE.test(text[end - 1])) end--;
  return text.slice(start, end);
}

/** The first signs, as a reader counts them: grapheme clusters. */
export function signsOf(text, most) {
  const signs = [];
  for (const part of segmenter ? segmenter.segment(text) : text.matchAll(CLUSTER)) {
    if (signs.length === most) break;
    signs.push(part.segment ?? part[0]);
  }
  return signs;
}

/** The text for comparison: in capitals, and with one code for each accented letter. */
export const folded = (text) => text.normalize("NFC").toUpperCase().normalize("NFC");
