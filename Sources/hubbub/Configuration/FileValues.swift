/// The values of a configuration file, by key, as its schema arranges them.
struct FileValues: Equatable, Sendable {
    indirect enum Value: Equatable, Sendable {
        /// A single value, or several.
        case texts([FileText])
        /// Each with the place where it begins.
        case maps([Map])
        /// Maps by name, in the order of the file.
        case named([(name: FileText, map: Map)])

        static func == (left: Value, right: Value) -> Bool {
            switch (left, right) {
            case (.texts(let left), .texts(let right)): left == right
            case (.maps(let left), .maps(let right)): left == right
            case (.named(let left), .named(let right)):
                left.elementsEqual(right) { $0.name == $1.name && $0.map == $1.map }
            default: false
            }
        }
    }

    struct Map: Equatable, Sendable {
        let place: FilePlace
        let values: FileValues
    }

    private var values: [String: Value] = [:]

    mutating func set(_ key: String, _ value: Value) { values[key] = value }

    func has(_ key: String) -> Bool { values[key] != nil }

    /// The texts of a key; none if the key isn't there.
    func texts(of key: String) -> [FileText] {
        if case .texts(let texts)? = values[key] { texts } else { [] }
    }

    /// The list of maps of a key; empty if the key isn't there.
    func maps(of key: String) -> [Map] {
        if case .maps(let maps)? = values[key] { maps } else { [] }
    }

    /// The maps by name of a key; empty if the key isn't there.
    func named(of key: String) -> [(name: FileText, map: Map)] {
        if case .named(let maps)? = values[key] { maps } else { [] }
    }
}
