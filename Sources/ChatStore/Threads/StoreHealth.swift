internal import Chat
internal import Logging

/// Reports changes of the store's state: to the follower once for each change, to the operator each
/// time the reason changes.
struct StoreHealth {
    private let mailbox: Mailbox
    private let meter: StoreMeter
    private let log: Logger?
    /// The reason why submissions fail. Nil if they don't, or if nothing was tried yet.
    private(set) var fault: Fault?

    init(mailbox: Mailbox, meter: StoreMeter, log: Logger?) {
        self.mailbox = mailbox
        self.meter = meter
        self.log = log
    }

    /// The database is open.
    mutating func opened(_ opening: OrdererOpening, in file: DatabaseFile) {
        fault = nil
        meter.update {
            $0.isFailing = false
            $0.databaseBytes = file.bytes
        }
        mailbox.add(.ready(opening))
        log?.info(
            "History is open",
            metadata: ["file": "\(file.path)", "epoch": "\(opening.epoch.text)"])
    }

    /// The database can be written again.
    mutating func recovered() {
        fault = nil
        meter.update { $0.isFailing = false }
        mailbox.add(.recovered)
    }

    /// Submissions fail from now on, and so do those that `answers` are for.
    mutating func failed(_ fault: Fault, with answers: [OrdererReply] = []) {
        if self.fault == nil {
            meter.update { $0.isFailing = true }
            mailbox.add([.failing(reason: fault.reason)] + answers)
        } else {
            // The follower logs the first reason.
            if fault != self.fault {
                log?.error("History still fails", metadata: ["reason": "\(fault.reason)"])
            }
            mailbox.add(answers)
        }
        self.fault = fault
    }
}
