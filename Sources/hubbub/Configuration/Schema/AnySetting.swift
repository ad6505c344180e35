/// A setting of any type of value, as a configuration file and its documents see it.
protocol AnySetting: Sendable {
    var flag: String { get }
    var variable: String { get }
    var what: String { get }
    var accepted: String { get }
    var fallbackText: String { get }
    var defaultText: String? { get }
    var example: String? { get }
    var isFixed: Bool { get }
    var mask: (@Sendable (String) -> String)? { get }
}

extension AnySetting {
    /// A text of it as others may see it.
    func shown(_ text: String) -> String { mask.map { $0(text) } ?? text }
}

extension Setting: AnySetting {}
