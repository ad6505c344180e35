/// A flag without a value, which is `on` if it is there.
struct SwitchOption: SettingOption {
    let given: Given<Bool>

    var isList: Bool { false }
    var givens: [any AnyGiven] { [given] }
}
