// Values that the browser keeps for this site, or else as long as the page is open.

export const storage = {
  values: {},
  /** The value, if it `fits`. Other pages of the site may have written anything. */
  get(key, otherwise, fits) {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(`hubbub.${key}`));
    } catch {} // No JSON, or switched off.
    return [kept, this.values[key]].find((value) => value != null && fits(value)) ?? otherwise;
  },
  set(key, value) {
    this.values[key] = value;
    try {
      localStorage.setItem(`hubbub.${key}`, JSON.stringify(value));
    } catch {} // Full, or switched off.
  },
};
