/// The known word that an unknown one was probably meant to be.
public enum Suggestion {
    /// The nearest of `words`; nil if none is near.
    ///
    /// A word is near if at most a third of its letters differ. Two letters that changed places
    /// count as one.
    public static func nearest(to word: String, in words: [String]) -> String? {
        let typed = Array(word.lowercased().unicodeScalars.prefix(longest))
        let distances = words.map { known in
            (known, distance(from: typed, to: Array(known.lowercased().unicodeScalars)))
        }
        guard let (known, distance) = distances.min(by: { $0.1 < $1.1 }),
            distance <= max(1, known.unicodeScalars.count / 3)
        else { return nil }
        return known
    }

    /// The number of letters that are compared: more than any known word has.
    private static let longest = 64

    /// How many letters must be inserted, removed, replaced or swapped with their neighbour.
    private static func distance(from old: [Unicode.Scalar], to new: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var row = Array(0...new.count)
        for (place, letter) in old.enumerated() {
            var next = [place + 1]
            for (column, other) in new.enumerated() {
                var least = min(row[column] + (letter == other ? 0 : 1), row[column + 1] + 1)
                least = min(least, next[column] + 1)
                if place > 0, column > 0, letter == new[column - 1], old[place - 1] == other {
                    least = min(least, before[column - 1] + 1)
                }
                next.append(least)
            }
            (before, row) = (row, next)
        }
        return row[new.count]
    }
}
