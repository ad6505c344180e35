/// A line as it was said, by somebody, at some time.
struct Said {
    let by: Int
    let room: String
    let username: String
    let message: String
    /// When, on the chronicle's clock.
    let at: Int
    /// Its number among what a plain visitor said.
    let number: Int
}
