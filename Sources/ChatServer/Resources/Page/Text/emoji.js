// Emoji and their short codes.

import { signsOf } from "./signs.js";

/** The signs by their names: `smile` is 😄. */
export const EMOJI = Object.fromEntries(`smile😄 grin😁 joy😂 rofl🤣 wink😉 blush😊 heart_eyes😍 kiss😘 cool😎
think🤔 neutral😐 roll_eyes🙄 smirk😏 sleepy😴 sad😢 cry😭 angry😠 rage😡 scream😱 shock😮 party🥳 nerd🤓 hug🤗
shrug🤷 facepalm🤦 wave👋 ok👌 thumbsup👍 thumbsdown👎 clap👏 raise🙌 pray🙏 muscle💪 point👉 eyes👀 heart❤️
broken💔 fire🔥 star⭐ sparkles✨ tada🎉 hundred💯 check✅ cross❌ question❓ warning⚠️ rocket🚀 trophy🏆 goal⚽ music🎵
pizza🍕 coffee☕ beer🍺 cake🎂 cat🐱 dog🐶 sun☀️ rainbow🌈 skull💀 ghost👻`.split(/\s+/).map((word) => {
  const [, name, sign] = word.match(/^([a-z_]+)(.+)$/u);
  return [name, sign];
}));
const ALIASES = {
  100: "hundred", "+1": "thumbsup", "-1": "thumbsdown", lol: "joy", love: "heart", gg: "trophy",
};
// Code between backquotes, or short codes between white space.
const CODES = new RegExp(String.raw`\x60{3}[^]*?(?:\x60{3}|$)|\x60[^\x60\n]*\x60`
  + String.raw`|(^|\s)((?::(?:[a-z_]+|100|[+-]1):)+)(?!\S)`, "g");
const SIGN = /^(?:\p{Extended_Pictographic}|\p{RI}{2}|[0-9#*]\uFE0F?\u20E3)/u;
const MOST_JUMBO = 5; // signs
const LONGEST_JUMBO = 100; // UTF-16 units

/** The text with emoji instead of `:names:` that are words of their own, but not in code. */
export function withEmoji(text) {
  return text.replace(CODES, (all, space, names) => {
    const signs = names?.slice(1, -1).split("::").map((name) => EMOJI[ALIASES[name] ?? name]);
    return signs?.every(Boolean) ? space + signs.join("") : all;
  });
}

/** Whether the text is one to five signs and nothing else. */
export function isJumbo(text) {
  if (text.length > LONGEST_JUMBO || !SIGN.test(text)) return false;
  const signs = signsOf(text.replace(/\s/g, ""), MOST_JUMBO + 1);
  return signs.length <= MOST_JUMBO && signs.every((sign) => SIGN.test(sign));
}
