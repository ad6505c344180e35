/// Options with a flag that has no value.
protocol SwitchedOptions {
    /// The setting of the flag in the property of this name.
    func switchOption(_ property: String) -> SwitchOption?
}
