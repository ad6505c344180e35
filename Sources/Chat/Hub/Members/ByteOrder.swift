/// Sorts texts by their bytes in UTF-8.
///
/// The bytes are copied once, as words whose order is that of the bytes. A comparison of strings
/// counts references and looks for the bytes each time, which took two thirds of the time for a
/// list of members.
struct ByteOrder {
    /// The words of all texts, one text after another. Zeros fill up the last word of each.
    private var words: [UInt64] = []
    /// Where the words of each text begin, and the end of the last.
    private var starts = [0]
    private var lengths: [Int] = []

    /// The indices of the texts in their order.
    static func order(of texts: [String]) -> [Int] {
        var order = ByteOrder()
        order.starts.reserveCapacity(texts.count + 1)
        order.lengths.reserveCapacity(texts.count)
        for text in texts { order.append(text) }
        return texts.indices.sorted { order.precedes($0, $1) }
    }

    static func sorted(_ texts: [String]) -> [String] { order(of: texts).map { texts[$0] } }

    private mutating func append(_ text: String) {
        let bytes = text.utf8.span
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word &<< 8 | UInt64(bytes[index])
            if index & 7 == 7 { words.append(word) }
        }
        let rest = bytes.count & 7
        if rest > 0 { words.append(word &<< UInt64(64 - 8 * rest)) }
        starts.append(words.count)
        lengths.append(bytes.count)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (mine, others) = (starts[left], starts[right])
        let shared = min(starts[left + 1] - mine, starts[right + 1] - others)
        for place in 0..<shared where words[mine + place] != words[others + place] {
            return words[mine + place] < words[others + place]
        }
        return lengths[left] < lengths[right]
    }
}
