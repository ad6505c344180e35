// Emoji and their short codes.

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
const ONLY_SIGNS = /^(?:\p{Extended_Pictographic}[\u{FE0F}\u{200D}\p{Emoji_Modifier}]*\s*){1,5}$/u;

/** The text with signs in place of `:names:` that are known. */
export function withEmoji(text) {
  const sign = (code, name) => EMOJI[ALIASES[name] ?? name] ?? code;
  return text.replace(/:([a-z_]+|100|[+-]1):/g, sign);
}

/** Whether the text is one to five signs and nothing else. */
export const isJumbo = (text) => ONLY_SIGNS.test(text);
