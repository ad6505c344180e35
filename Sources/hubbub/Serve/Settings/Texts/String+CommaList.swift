extension String {
    /// The texts between commas, without the spaces around them and without empty ones.
    var commaList: [String] {
        split(separator: ",").map { element in
            String(element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }
}
