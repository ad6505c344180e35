// Deleted lines among the items of a room. Neighbours are one item, `{seq, gone: [seqs]}`.

/** Whether a number is in a list of numbers and runs: `[7, [17, 40]]`. */
export function covers(seqs, number) {
  return seqs.some((run) => {
    const [from, to = from] = [run].flat();
    return number >= from && number <= to;
  });
}

/** A tombstone in the place of a line. */
export const tombstone = ({ seq, date }) => ({ seq, date, gone: [seq] });

/** The items after a change of each line and tombstone. A tombstone takes the date above it. */
export function revised(items, change = (item) => item) {
  const result = [];
  const split = ({ gone, date }) => gone.map((seq) => ({ seq, date, gone: [seq] }));
  for (const item of items.flatMap((each) => (each.gone ? split(each) : each))) {
    const next = item.seq ? change(item) : item;
    const last = result[result.length - 1];
    if (next.gone && last?.gone) last.gone.push(...next.gone);
    else {
      if (next.gone) next.date ??= last?.date;
      result.push(next);
    }
  }
  return result;
}
