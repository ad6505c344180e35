/// The fields of the commands that list changes.
struct ReportFields {
    private var after = JSONField.missing
    private var before = JSONField.missing
    private var limit = JSONField.missing

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("after", in: text) {
                after = try JSONField(&scanner, in: text)
            } else if key.equals("before", in: text) {
                before = try JSONField(&scanner, in: text)
            } else if key.equals("limit", in: text) {
                limit = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    func bans() throws(Refusal) -> ReportQuery {
        .bans(after: try after.present?.whole(named: "after") ?? 0, limit: try checkedLimit())
    }

    func log() throws(Refusal) -> ReportQuery {
        .log(
            before: try before.present?.whole(named: "before") ?? .max,
            limit: try checkedLimit())
    }

    func terms(in text: Span<UInt8>) throws(Refusal) -> ReportQuery {
        .terms(
            after: try after.present?.string(named: "after", in: text) ?? "",
            limit: try checkedLimit())
    }

    private func checkedLimit() throws(Refusal) -> Int {
        try limit.present?.whole(named: "limit", in: 1...ReportQuery.limit)
            ?? ReportQuery.standard
    }
}
