/// The names of the fields of a room's state.
enum StateField {
    static let settings = "settings"
    /// Before the place of a ban.
    static let ban = "ban:"
    /// Before the text of a term.
    static let term = "term:"
}
