internal import Chat

/// What `GET /metrics` says about webhooks and checks, if there are any.
extension MetricsText {
    mutating func writeFollowers(_ reports: [FollowerReport]) {
        func labels(_ report: FollowerReport) -> [(name: String, value: String)] {
            [("webhook", report.name)]
        }
        metric(
            "hubbub_webhook_pending", .gauge, "Lines and changes that a webhook has yet to get.")
        for report in reports {
            sample("hubbub_webhook_pending", labels(report), "\(report.pending)")
        }
        metric("hubbub_webhook_failing", .gauge, "1 while the requests to a webhook fail.")
        for report in reports {
            sample("hubbub_webhook_failing", labels(report), report.isFailing ? "1" : "0")
        }
        metric(
            "hubbub_webhook_events_total", .counter,
            "Events that a webhook has got, and lines and changes that were given up.")
        for report in reports {
            for (outcome, count) in [
                ("delivered", report.delivered), ("given_up", report.givenUp),
            ] {
                sample(
                    "hubbub_webhook_events_total", labels(report) + [("outcome", outcome)],
                    "\(count)")
            }
        }
        metric("hubbub_webhook_posts_total", .counter, "Requests to a webhook.")
        for report in reports {
            for outcome in FollowerReport.Post.allCases {
                sample(
                    "hubbub_webhook_posts_total",
                    labels(report) + [("outcome", outcome.rawValue)],
                    "\(report.posts[outcome] ?? 0)")
            }
        }
    }

    mutating func writeChecks(_ checks: CheckQueue) {
        single(
            "hubbub_checks_waiting", .gauge, "Lines that are being checked before they are said.",
            checks.count)
        family(
            "hubbub_checks_total", "Lines that were to be checked, by what the answer was.",
            label: "answer", CheckAnswer.Kind.allCases.map { ($0.rawValue, checks.counts[$0] ?? 0) }
        )
    }
}
