// Values that the browser keeps for this site, or else as long as the page is open.

export const storage = {
  values: {},
  get(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`hubbub.${key}`)) ?? this.values[key] ?? otherwise;
    } catch {
      return this.values[key] ?? otherwise;
    }
  },
  set(key, value) {
    this.values[key] = value;
    try {
      localStorage.setItem(`hubbub.${key}`, JSON.stringify(value));
    } catch {} // Full, or switched off.
  },
};
