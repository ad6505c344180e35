// Values that the browser stores for this site, or keeps while the page is open.

export const storage = {
  values: {},
  /** The value, if it `fits`. Other pages of the site may have stored anything. */
  get(key, otherwise, fits) {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(`hubbub.${key}`));
    } catch {} // It isn't JSON, or storage is switched off.
    return [kept, this.values[key]].find((value) => value != null && fits(value)) ?? otherwise;
  },
  set(key, value) {
    this.values[key] = value;
    try {
      localStorage.setItem(`hubbub.${key}`, JSON.stringify(value));
    } catch {} // Storage is full, or switched off.
  },
};
