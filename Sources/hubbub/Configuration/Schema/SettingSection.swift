internal import ArgumentParser

/// Settings that stand together, in the help and in the example of a configuration file.
struct SettingSection {
    let title: String
    let options: [any SettingOption]

    /// The sections of a command's options, in the order of their declarations. They are found by
    /// reflection, like the argument parser does, so that no declared option is forgotten.
    static func all(of serve: Serve) -> [SettingSection] {
        // Only an option group that isn't parsed yet knows its title.
        let titles = Mirror(reflecting: Serve()).children.map { child in
            (child.value as? any TitledGroup)?.title ?? ""
        }
        return zip(titles, Mirror(reflecting: serve).children).compactMap { title, child in
            guard let group = child.value as? any TitledGroup else { return nil }
            let options = options(of: group.arguments)
            return options.isEmpty ? nil : SettingSection(title: title, options: options)
        }
    }

    private static func options(of group: any ParsableArguments) -> [any SettingOption] {
        Mirror(reflecting: group).children.compactMap { child in
            if let option = child.value as? any SettingOption { return option }
            let property = String(child.label?.drop { $0 == "_" } ?? "")
            return (group as? any SwitchedOptions)?.switchOption(property)
        }
    }
}

/// A group of options with a title in the help.
private protocol TitledGroup {
    var title: String { get }
    var arguments: any ParsableArguments { get }
}

extension OptionGroup: TitledGroup {
    var arguments: any ParsableArguments { wrappedValue }
}
