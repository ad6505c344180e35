extension String {
    /// What stands between commas, without the spaces around it and without empty elements.
    var commaList: [String] {
        split(separator: ",").map { element in
            String(element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }
}
