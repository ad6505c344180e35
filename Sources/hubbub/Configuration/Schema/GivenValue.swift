/// What an option of ours holds: one ``Given``, or several.
protocol GivenValue {
    static var isList: Bool { get }
    var givens: [any AnyGiven] { get }
}

extension Given: GivenValue {
    static var isList: Bool { false }
    var givens: [any AnyGiven] { [self] }
}

extension Array: GivenValue where Element: AnyGiven {
    static var isList: Bool { true }
    var givens: [any AnyGiven] { self }
}
