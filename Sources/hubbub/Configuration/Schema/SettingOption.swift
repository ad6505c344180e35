internal import ArgumentParser

/// An option of a command that a configuration file may set, too.
protocol SettingOption {
    /// Whether it takes several values.
    var isList: Bool { get }
    /// What was given for it, or its default. Never empty.
    var givens: [any AnyGiven] { get }
}

extension Option: SettingOption where Value: GivenValue {
    var isList: Bool { Value.isList }
    var givens: [any AnyGiven] { wrappedValue.givens }
}
