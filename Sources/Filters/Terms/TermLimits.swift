/// The limits of a list of terms.
public enum TermLimits {
    /// Terms in a list.
    public static let terms = 10_000
    /// Characters of a term.
    public static let characters = 200
    /// Words of a phrase: so many look-ups may begin at each word of a line.
    public static let words = 8
    /// Terms with the same letters that are repeated differently, which are compared one by one.
    static let alike = 32
    /// Regular expressions in a list.
    public static let expressions = 100
    /// Instructions of all regular expressions of a list. A usual one has 10 to 20. In the worst
    /// case, with expressions made for it, a search takes about 7 ns for each of them and each byte
    /// of a line.
    static let instructions = 1_500
    /// Bytes that RE2 takes for one expression, and for all of a list, with the states of searches.
    static let expressionBytes: Int64 = 262_144
    static let expressionSetBytes: Int64 = 1_048_576
}
