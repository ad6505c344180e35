/// Why a file of keys can't be used, with the remedy.
struct KeyFileProblem: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
