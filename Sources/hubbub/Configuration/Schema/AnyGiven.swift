/// A setting of any type, with the text that was given for it.
protocol AnyGiven: Sendable {
    var anySetting: any AnySetting { get }
    var source: GivenSource { get }
    var text: String { get }
    var asGiven: String { get }
}

extension Given: AnyGiven {
    var anySetting: any AnySetting { setting }
}
