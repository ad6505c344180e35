/// A line as it was said.
struct Said {
    let by: Int
    let room: String
    let username: String
    let message: String
    /// When it was said, on the chronicle's clock.
    let at: Int
    /// Its number among the lines of a plain visitor.
    let number: Int
}
