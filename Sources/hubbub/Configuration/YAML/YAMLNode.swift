/// A part of a configuration file, and where it is. Scalars are texts, as they were written: `on`,
/// `0644` and `1_000` mean what the setting makes of them.
struct YAMLNode: Equatable, Sendable {
    indirect enum Kind: Equatable, Sendable {
        case text(String)
        /// Nothing, `~` or `null` was written.
        case nothing
        case list([YAMLNode])
        case map([Entry])
        /// It was reported already.
        case faulty
    }

    struct Entry: Equatable, Sendable {
        let key: String
        /// The place of the key.
        let place: FilePlace
        let value: YAMLNode
    }

    let kind: Kind
    let place: FilePlace

    /// What it is, for messages.
    var sort: String {
        switch kind {
        case .text: "a single value"
        case .nothing: "empty"
        case .list: "a list"
        case .map: "a map"
        case .faulty: "faulty"
        }
    }
}
