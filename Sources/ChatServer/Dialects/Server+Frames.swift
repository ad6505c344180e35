internal import Chat
internal import Reactor
internal import WebSocket

/// Frames of WebSockets and their content.
extension Server where Net: ~Copyable {
    /// Handles the next frame of the input, or as much of it as has arrived. Long messages, and
    /// many fragments, take more of the client's turn.
    mutating func receivedFrame(
        _ index: Int, _ input: inout MutableSpan<UInt8>, _ offset: inout Int
    ) {
        let start = offset
        do throws(ProtocolViolation) {
            // Two calls, so that the inflater's references are counted only for connections that
            // need it.
            let event =
                connections[index].encoding == .deflated
                ? try connections.nextDeflated(
                    index, in: &input, from: &offset, rules: wire.frames, inflater: wire.inflater)
                : try connections[index].session.next(in: &input, from: &offset, rules: wire.frames)
            connections.tookFrame(index, at: clock.coarse)
            allowances.turns.messageBegan()
            allowances.turns.spend(Cost.frame + (offset - start) / Cost.frameBytes)
            if connectionLog.isTrace { trace(index, event) }
            switch event {
            case nil: break
            case .message(.text, let payload):
                switch payload {
                case .input(let range): receivedText(index, input.span.extracting(range))
                case .kept(let bytes):
                    receivedText(index, bytes.span)
                }
            case .message(.binary, _):
                close(index, .unsupportedData, "Chat is text; binary messages are not accepted.")
            case .ping(let payload):
                switch payload {
                case .input(let range): pong(index, input.span.extracting(range))
                case .kept(let bytes): pong(index, bytes.span)
                }
            case .pong: break
            case .close(let code): receivedClose(index, code)
            }
        } catch {
            if connections[index].session.state == .closed {
                endWhenFlushed(index)
            } else {
                fail(index, error)
            }
        }
    }

    @inline(never)
    private func trace(_ index: Int, _ event: SessionEvent?) {
        switch event {
        case nil: break
        case .message(.text, _): connectionLog.frame(index, "text")
        case .message(.binary, _): connectionLog.frame(index, "binary")
        case .ping: connectionLog.frame(index, "ping")
        case .pong: connectionLog.frame(index, "pong")
        case .close: connectionLog.frame(index, "close")
        }
    }

    /// Answers a ping (RFC 6455 section 5.5.2), except after our Close.
    private mutating func pong(_ index: Int, _ payload: Span<UInt8>) {
        guard connections[index].isInChat else { return }
        let chunk = outbox.frame(.pong, payload)
        enqueue(index, chunk, lane: .control)
        outbox.pool.release(chunk)
        checkControl(index)
    }

    /// The peer's Close has arrived. It is answered with its own code, and the connection ends (RFC
    /// 6455 section 5.5.1). If ours went first, the connection ends now.
    private mutating func receivedClose(_ index: Int, _ code: CloseCode?) {
        if connections[index].isInChat { close(index, code, "") }
        endWhenFlushed(index)
    }

    /// A text message has arrived: a line of the plain dialect, or a command of the rich one.
    private mutating func receivedText(_ index: Int, _ text: Span<UInt8>) {
        counts.messagesReceived += 1
        allowances.turns.spend(max(text.count - Cost.textBytes, 0) / Cost.textBytes)
        if connections[index].isRich {
            receivedCommand(index, text)
        } else {
            receivedPlainMessage(index, text)
        }
        allowances.turns.messageEnded(linesAreFree: limits.chat.linesPerSecond == 0)
    }

    /// The peer broke the protocol. Answers with the RFC's code and reads nothing more (RFC 6455
    /// section 7.1.7).
    private mutating func fail(_ index: Int, _ violation: ProtocolViolation) {
        close(index, violation.closeCode, violation.reason)
        endWhenFlushed(index)
    }
}
