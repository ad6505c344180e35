/// The Linux calls that Glibc's module doesn't show to Swift, or shows only with types that strict
/// memory safety refuses. Every function that can fail returns `-errno`. Only `clinux_poller_wait`,
/// `clinux_poller_wait_fine` and `clinux_resolve` block. Nothing retries: an interrupted call
/// returns `-EINTR`.
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

/// One ready descriptor: the token it was registered with, and the conditions that hold.
typedef struct {
    uint64_t token;
    uint32_t events;
} clinux_ready;

/// An IPv4 or IPv6 address, and a port in host order. IPv4 takes the first four bytes.
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
/// Fills `ready` with at most `capacity` entries, never more than 512, and returns their number. A
/// `timeout_ms` of -1 waits forever, 0 doesn't wait.
int clinux_poller_wait(int poller, clinux_ready *ready, int capacity, int timeout_ms);
/// The same with a timeout in nanoseconds. Kernels before Linux 5.11 round it down to whole
/// milliseconds.
int clinux_poller_wait_fine(int poller, clinux_ready *ready, int capacity, uint64_t timeout_ns);

// Sockets: all non-blocking and close-on-exec.
/// Resolves `host` (NULL: all addresses, IPv6 first) and returns how many addresses were written.
/// If the name has none, returns a negative EAI code minus 1000.
int clinux_resolve(const char *host, uint16_t port, clinux_address *out, int capacity);
/// The text for a failed `clinux_resolve`.
const char *clinux_resolve_error(int result);
/// Parses a numeric IPv4 or IPv6 address. An IPv4-mapped one becomes IPv4. Returns `-EINVAL` for
/// anything else.
int clinux_parse_address(const char *text, clinux_address *out);
/// Opens a listening TCP socket. An IPv6 wildcard accepts IPv4 as well. Accepted sockets inherit
/// `TCP_NODELAY` and the send buffer (`send_buffer` bytes, 0: the kernel's default).
int clinux_listen(const clinux_address *address, int backlog, int send_buffer, int reuse_port);
/// Prepares a descriptor that was inherited: makes it non-blocking and close-on-exec, sets what
/// accepted sockets inherit, and writes its address. Returns `-ENOTSOCK` if it is no socket,
/// `-EAFNOSUPPORT` for one that isn't IPv4 or IPv6, `-EPROTOTYPE` for one that isn't a stream,
/// and `-EINVAL` for one that doesn't listen; then nothing has changed.
int clinux_adopt_listener(int descriptor, int send_buffer, clinux_address *out);
int clinux_accept(int listener, clinux_address *peer);
/// Starts to connect. `-EINPROGRESS` is reported as success. `source` may be NULL.
int clinux_connect(const clinux_address *target, const clinux_address *source);
/// Returns 0 if a connection that was started is established, else `-errno`.
int clinux_connect_result(int descriptor);
int clinux_local_address(int descriptor, clinux_address *out);
long clinux_receive(int descriptor, void *buffer, size_t capacity);
/// One `sendto` for one vector, one `sendmsg` for several. Never raises SIGPIPE.
long clinux_send(int descriptor, struct iovec *vectors, size_t count);
int clinux_shutdown_write(int descriptor);
int clinux_close(int descriptor);
/// Closes with a reset. Bytes that wait in the kernel are dropped.
int clinux_abort(int descriptor);

// Control socket: `control` in a directory, for its owner only.
/// Opens the listening socket, in the place of an old one. Other threads must not create files
/// meanwhile.
int clinux_control_listen(const char *directory);
/// Waits for a client. Its reads and writes wait for two seconds at most.
int clinux_control_accept(int listener);
/// Connects. Reads wait for a minute at most.
int clinux_control_connect(const char *directory);

// Process.
/// Blocks SIGINT, SIGTERM and, unless it is ignored, SIGHUP, and returns a signalfd for them.
/// Ignores the other signals that would end the process, except those that dump core.
int clinux_signals_open(void);
/// Returns the number of a pending signal, or 0 if there is none. The kernel's SIGHUP, which means
/// that the terminal has gone, is reported as SIGTERM.
int clinux_signals_read(int descriptor);
/// Opens a descriptor (eventfd(2)) that is readable from a wake until it is settled.
int clinux_waker_open(void);
/// Safe to call from any thread.
int clinux_waker_wake(int descriptor);
int clinux_waker_settle(int descriptor);
/// Raises the soft limit of open descriptors to the hard one and returns the limit now in force.
long clinux_raise_descriptor_limit(void);
/// Opens a socket for datagrams to local sockets.
int clinux_notifier_open(void);
/// Sends one datagram to a local socket without waiting. A `path` that begins with `@` is in the
/// abstract namespace (unix(7)).
int clinux_notifier_send(int descriptor, const char *path, const void *bytes, size_t count);
/// Whether the descriptor is the file with these numbers (stat(2)).
int clinux_is_file(int descriptor, uint64_t device, uint64_t inode);
/// Grows the kernel's table of open descriptors to hold `count` of them, at least 1. Opens none.
int clinux_grow_descriptor_table(int count);
/// Sets how late the kernel may wake this thread. The default is 50 µs.
int clinux_set_timer_slack(uint64_t nanoseconds);
/// Sets the nice value of the calling thread alone.
int clinux_yield_to_others(int niceness);
uint64_t clinux_monotonic_nanoseconds(void);
int64_t clinux_realtime_milliseconds(void);
/// Whether a program keeps the clock right (adjtimex(2)): 1, 0, or -errno.
int clinux_clock_is_synchronized(void);
/// Sleeps (nanosleep(2)). A signal may end it early.
void clinux_sleep(int64_t milliseconds);
/// Gives freed memory back to the kernel (malloc_trim(3)), if the C library can.
void clinux_give_back_memory(void);
/// Makes a write to a pipe without a reader fail with EPIPE instead of ending the process.
void clinux_ignore_broken_pipes(void);
/// The arguments that `main` was called with, the program's name first. Swift reads its own from
/// /proc/self/cmdline, which may be missing.
int clinux_argument_count(void);
/// `index` must be below the count.
const char *clinux_argument(int index);

#endif
