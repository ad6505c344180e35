internal import Reactor

/// What `GET /metrics` says about TLS, if the daemon speaks it.
extension MetricsText {
    mutating func writeEncryption(_ report: SecurityReport) {
        family(
            "hubbub_tls_handshakes_total",
            "Ended TLS handshakes, and connections that spoke something else on a TLS port.",
            label: "outcome",
            zip(SecurityReport.Outcome.allCases, report.attempts).map { ($0.rawValue, $1) })
        single(
            "hubbub_tls_handshakes_waiting", .gauge,
            "Connections whose TLS handshake isn't done.", report.waiting)
        single(
            "hubbub_tls_half_records_total", .counter,
            "Connections ended because the rest of a record didn't arrive in time.",
            report.halfRecords)
        metric(
            "hubbub_tls_certificate_expiry_timestamp_seconds", .gauge,
            "When the certificate of a name ends to be valid.")
        for (number, certificate) in report.certificates.enumerated() {
            let isFirst = !report.certificates[..<number].contains { $0.name == certificate.name }
            let label = isFirst ? certificate.name : "\(certificate.name) \(number + 1)"
            sample(
                "hubbub_tls_certificate_expiry_timestamp_seconds", [("name", label)],
                "\(certificate.validUntil)")
        }
        single(
            "hubbub_tls_reloads_total", .counter, "Times that certificates were replaced.",
            report.replaced)
        single(
            "hubbub_tls_reload_failures_total", .counter,
            "Times that changed certificate files could not be used.", report.refused)
    }
}
