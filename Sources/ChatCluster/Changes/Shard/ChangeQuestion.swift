internal import Chat

/// What a node has to know before it makes a change.
package struct ChangeQuestion: Equatable, Sendable {
    /// The command's key.
    package var key: ChangeKey?
    /// The lines that it names.
    package var seqs: [UInt64] = []
    /// The change that it undoes.
    package var undoing: UInt64?

    package init(key: ChangeKey? = nil) { self.key = key }
}
