// The reader's token. A link may bring it behind #, where no server and no log sees it.

const TOKEN_KEY = "hubbub.token";
const TOKEN_LINK = /^#token=([A-Za-z0-9_.-]+)$/;

/**
 * The token, if there is one. That of a link is taken out of the address bar, and kept as long as
 * the tab.
 */
export function takeToken(window) {
  const { location, history } = window;
  const [, linked] = location.hash.match(TOKEN_LINK) ?? [];
  if (linked) history.replaceState(null, "", location.pathname + location.search);
  try {
    if (linked) window.sessionStorage.setItem(TOKEN_KEY, linked);
    return linked ?? window.sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  } catch {
    return linked; // Storage is switched off.
  }
}

/** Forgets a token that isn't good any more. */
export function forgetToken(window) {
  try {
    window.sessionStorage.removeItem(TOKEN_KEY);
  } catch {} // Storage is switched off.
}

export const isTokenLink = ({ hash }) => TOKEN_LINK.test(hash);
