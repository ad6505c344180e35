/// The Linux calls that Glibc's module does not show to Swift, or shows only with types that strict
/// memory safety refuses. Every function that can fail returns `-errno`; nothing here blocks except
/// `clinux_poller_wait` and `clinux_resolve`, and nothing retries: an interrupted call returns `-EINTR`.
#ifndef CLINUX_H
#define CLINUX_H

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/uio.h>

static const uint32_t CLINUX_READABLE = EPOLLIN;
static const uint32_t CLINUX_WRITABLE = EPOLLOUT;
static const uint32_t CLINUX_PEER_CLOSED = EPOLLRDHUP;
static const uint32_t CLINUX_HANGUP = EPOLLHUP;
static const uint32_t CLINUX_ERROR = EPOLLERR;

/// One ready descriptor: the token it was registered with and the conditions that hold.
typedef struct {
    uint64_t token;
    uint32_t events;
} clinux_ready;

/// An IPv4 or IPv6 address and a port in host order. IPv4 is kept in the first four bytes.
typedef struct {
    uint8_t bytes[16];
    uint32_t scope;
    uint16_t port;
    uint16_t family;
} clinux_address;

// Poller (epoll(7), level-triggered).
int clinux_poller_open(void);
int clinux_poller_add(int poller, int descriptor, uint64_t token, uint32_t events);
int clinux_poller_change(int poller, int descriptor, uint64_t token, uint32_t events);
int clinux_poller_remove(int poller, int descriptor);
/// Fills `ready` with at most `capacity` entries (512 at most) and returns their number.
/// `timeout_ms` -1 waits for ever, 0 not at all.
int clinux_poller_wait(int poller, clinux_ready *ready, int capacity, int timeout_ms);
/// The same with a timeout in nanoseconds. Kernels before Linux 5.11 count it in whole milliseconds,
/// rounded down.
int clinux_poller_wait_fine(int poller, clinux_ready *ready, int capacity, uint64_t timeout_ns);

// Sockets: all non-blocking and close-on-exec.
/// Looks `host` up (NULL: all addresses, IPv6 first) and returns how many addresses were written,
/// or a negative EAI code minus 1000 where the name has none.
int clinux_resolve(const char *host, uint16_t port, clinux_address *out, int capacity);
/// The text of a failed `clinux_resolve`.
const char *clinux_resolve_error(int result);
/// Reads a numeric IPv4 or IPv6 address, IPv4-mapped ones as IPv4. `-EINVAL` for anything else.
int clinux_parse_address(const char *text, clinux_address *out);
/// A listening TCP socket. An IPv6 wildcard takes IPv4 as well. Accepted sockets inherit
/// `TCP_NODELAY` and the send buffer (`send_buffer` bytes, 0: the kernel's default).
int clinux_listen(const clinux_address *address, int backlog, int send_buffer, int reuse_port);
int clinux_accept(int listener, clinux_address *peer);
/// Starts to connect; `-EINPROGRESS` is reported as success. `source` may be NULL.
int clinux_connect(const clinux_address *target, const clinux_address *source);
/// 0 when a connection that was started is established, else `-errno`.
int clinux_connect_result(int descriptor);
int clinux_local_address(int descriptor, clinux_address *out);
long clinux_receive(int descriptor, void *buffer, size_t capacity);
/// One `send` for one vector, one `sendmsg` for several; no SIGPIPE.
long clinux_send(int descriptor, struct iovec *vectors, size_t count);
int clinux_shutdown_write(int descriptor);
int clinux_close(int descriptor);
/// Closes with a reset: what waits in the kernel is dropped.
int clinux_abort(int descriptor);

// Process.
/// Blocks SIGINT, SIGTERM and, unless it is ignored, SIGHUP, and returns a signalfd for them. Ignores
/// the other signals that would end the process, except those that dump core.
int clinux_signals_open(void);
/// The number of a pending signal, 0 when there is none.
int clinux_signals_read(int descriptor);
/// A descriptor (eventfd(2)) that is readable from a wake on until it is settled.
int clinux_waker_open(void);
/// Any thread may call it.
int clinux_waker_wake(int descriptor);
int clinux_waker_settle(int descriptor);
/// Raises the soft limit of open descriptors to the hard one and returns the limit now in force.
long clinux_raise_descriptor_limit(void);
/// Makes the kernel's table of open descriptors hold `count` of them, 1 at least. None stays open.
int clinux_grow_descriptor_table(int count);
/// How much later than asked for the kernel may wake this thread (50 µs, where this isn't called).
int clinux_set_timer_slack(uint64_t nanoseconds);
uint64_t clinux_monotonic_nanoseconds(void);
int64_t clinux_realtime_milliseconds(void);
/// Makes a write to a pipe without a reader fail with EPIPE instead of ending the process.
void clinux_ignore_broken_pipes(void);
/// The arguments that `main` was called with, the program's name first. Swift reads its own from
/// /proc/self/cmdline, which may be missing.
int clinux_argument_count(void);
/// `index` must be below the count.
const char *clinux_argument(int index);

#endif
