#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { READY_MAX = 512, RESOLVE_FAILED = 1000 };

static int result(int value) { return value < 0 ? -errno : value; }

// Control socket

/// An address in a directory, whose name may be longer than an address: it is reached by the
/// number of a descriptor.
static struct sockaddr_un control_address(int directory) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/control", directory);
    return address;
}

static void set_patience(int descriptor, time_t seconds) {
    const struct timeval patience = {.tv_sec = seconds};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

int clinux_control_listen(const char *path) {
    const int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) {
        listener = -errno;
    } else {
        const struct sockaddr_un address = control_address(directory);
        unlinkat(directory, "control", 0);
        const mode_t mask = umask(0177);
        int done = bind(listener, (const struct sockaddr *)&address, sizeof address);
        if (done == 0) done = listen(listener, 4);
        const int error = errno;
        umask(mask);
        if (done < 0) {
            close(listener);
            listener = -error;
        }
    }
    close(directory);
    return listener;
}

int clinux_control_accept(int listener) {
    const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) return -errno;
    set_patience(client, 2);
    return client;
}

int clinux_control_connect(const char *path) {
    const int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0) {
        client = -errno;
    } else {
        const struct sockaddr_un address = control_address(directory);
        set_patience(client, 60);
        if (connect(client, (const struct sockaddr *)&address, sizeof address) < 0) {
            const int error = errno;
            close(client);
            client = -error;
        }
    }
    close(directory);
    return client;
}

// Poller

int clinux_poller_open(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

static int control(int poller, int operation, int descriptor, uint64_t token, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return result(epoll_ctl(poller, operation, descriptor, &event));
}

int clinux_poller_add(int poller, int descriptor, uint64_t token, uint32_t events) {
    return control(poller, EPOLL_CTL_ADD, descriptor, token, events);
}

int clinux_poller_change(int poller, int descriptor, uint64_t token, uint32_t events) {
    return control(poller, EPOLL_CTL_MOD, descriptor, token, events);
}

int clinux_poller_remove(int poller, int descriptor) {
    return control(poller, EPOLL_CTL_DEL, descriptor, 0, 0);
}

static int take_ready(const struct epoll_event *events, int count, clinux_ready *ready) {
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        ready[i].token = events[i].data.u64;
        ready[i].events = events[i].events;
    }
    return count;
}

int clinux_poller_wait(int poller, clinux_ready *ready, int capacity, int timeout_ms) {
    struct epoll_event events[READY_MAX];
    int count = epoll_wait(poller, events, capacity < READY_MAX ? capacity : READY_MAX, timeout_ms);
    return take_ready(events, count, ready);
}

int clinux_poller_wait_fine(int poller, clinux_ready *ready, int capacity, uint64_t timeout_ns) {
    struct epoll_event events[READY_MAX];
    const struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000u),
                                     .tv_nsec = (long)(timeout_ns % 1000000000u)};
    int most = capacity < READY_MAX ? capacity : READY_MAX;
    int count = (int)syscall(SYS_epoll_pwait2, poller, events, most, &timeout, NULL, 0);
    if (count < 0 && errno == ENOSYS)
        count = epoll_wait(poller, events, most, (int)(timeout_ns / 1000000u));
    return take_ready(events, count, ready);
}

// Addresses

static socklen_t to_sockaddr(const clinux_address *address, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (address->family == AF_INET6) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(address->port);
        in6->sin6_scope_id = address->scope;
        memcpy(&in6->sin6_addr, address->bytes, 16);
        return sizeof *in6;
    }
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    in->sin_family = AF_INET;
    in->sin_port = htons(address->port);
    memcpy(&in->sin_addr, address->bytes, 4);
    return sizeof *in;
}

static void from_sockaddr(const struct sockaddr *from, clinux_address *address) {
    memset(address, 0, sizeof *address);
    address->family = from->sa_family;
    if (from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;
        address->port = ntohs(in6->sin6_port);
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            address->family = AF_INET;
            memcpy(address->bytes, in6->sin6_addr.s6_addr + 12, 4);
        } else {
            address->scope = in6->sin6_scope_id;
            memcpy(address->bytes, &in6->sin6_addr, 16);
        }
    } else if (from->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        address->port = ntohs(in->sin_port);
        memcpy(address->bytes, &in->sin_addr, 4);
    }
}

int clinux_resolve(const char *host, uint16_t port, clinux_address *out, int capacity) {
    if (host == NULL) {
        struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = htons(port)};
        if (capacity > 0) from_sockaddr((struct sockaddr *)&any, &out[0]);
        if (capacity > 1) from_sockaddr((struct sockaddr *)&any4, &out[1]);
        return capacity < 2 ? capacity : 2;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *list = NULL;
    int failed = getaddrinfo(host, NULL, &hints, &list);
    if (failed) return -RESOLVE_FAILED - (failed < 0 ? -failed : failed);
    int count = 0;
    for (struct addrinfo *each = list; each && count < capacity; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        from_sockaddr(each->ai_addr, &out[count]);
        out[count++].port = port;
    }
    freeaddrinfo(list);
    return count;
}

const char *clinux_resolve_error(int code) {
    return code <= -RESOLVE_FAILED ? gai_strerror(code + RESOLVE_FAILED) : strerror(-code);
}

int clinux_parse_address(const char *text, clinux_address *out) {
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
        from_sockaddr((struct sockaddr *)&in, out);
    } else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1) {
        from_sockaddr((struct sockaddr *)&in6, out);
    } else {
        return -EINVAL;
    }
    return 0;
}

// Sockets

static int fail_and_close(int descriptor) {
    int error = errno;
    close(descriptor);
    return -error;
}

int clinux_listen(const clinux_address *address, int backlog, int send_buffer, int reuse_port) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    const int on = 1, off = 0;
    int descriptor = socket(address->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (reuse_port) setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (address->family == AF_INET6)
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (send_buffer > 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    if (bind(descriptor, (struct sockaddr *)&storage, length) < 0) return fail_and_close(descriptor);
    if (listen(descriptor, backlog) < 0) return fail_and_close(descriptor);
    return descriptor;
}

int clinux_adopt_listener(int descriptor, int send_buffer, clinux_address *out) {
    int type = 0, listens = 0;
    const int on = 1;
    socklen_t length = sizeof type;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) < 0) return -errno;
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &size) < 0) return -errno;
    if (storage.ss_family != AF_INET && storage.ss_family != AF_INET6) return -EAFNOSUPPORT;
    if (type != SOCK_STREAM) return -EPROTOTYPE;
    length = sizeof listens;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) < 0) return -errno;
    if (!listens) return -EINVAL;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0) return -errno;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (send_buffer > 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    from_sockaddr((struct sockaddr *)&storage, out);
    return 0;
}

int clinux_accept(int listener, clinux_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    int descriptor =
        accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return -errno;
    from_sockaddr((struct sockaddr *)&storage, peer);
    return descriptor;
}

int clinux_connect(const clinux_address *target, const clinux_address *source) {
    struct sockaddr_storage storage;
    const int on = 1;
    int descriptor = socket(target->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (source) {
        setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        socklen_t length = to_sockaddr(source, &storage);
        if (bind(descriptor, (struct sockaddr *)&storage, length) < 0)
            return fail_and_close(descriptor);
    }
    socklen_t length = to_sockaddr(target, &storage);
    if (connect(descriptor, (struct sockaddr *)&storage, length) < 0 && errno != EINPROGRESS)
        return fail_and_close(descriptor);
    return descriptor;
}

int clinux_connect_result(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
    return -error;
}

int clinux_local_address(int descriptor, clinux_address *out) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &length) < 0) return -errno;
    from_sockaddr((struct sockaddr *)&storage, out);
    return 0;
}

// Receive and send with raw system calls. In a process with threads, glibc's wrappers are
// cancellation points, at two locked instructions each, and no thread here is ever cancelled.

long clinux_receive(int descriptor, void *buffer, size_t capacity) {
    long count = syscall(SYS_recvfrom, descriptor, buffer, capacity, 0, NULL, NULL);
    return count < 0 ? -errno : count;
}

long clinux_send(int descriptor, struct iovec *vectors, size_t count) {
    long sent;
    if (count == 1) {
        sent = syscall(SYS_sendto, descriptor, vectors->iov_base, vectors->iov_len, MSG_NOSIGNAL,
                       NULL, 0);
    } else {
        struct msghdr message = {.msg_iov = vectors, .msg_iovlen = count};
        sent = syscall(SYS_sendmsg, descriptor, &message, MSG_NOSIGNAL);
    }
    return sent < 0 ? -errno : sent;
}

int clinux_shutdown_write(int descriptor) { return result(shutdown(descriptor, SHUT_WR)); }

int clinux_close(int descriptor) { return result(close(descriptor)); }

int clinux_abort(int descriptor) {
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    return clinux_close(descriptor);
}

// Process

int clinux_signals_open(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // Leave an ignored SIGHUP alone, as nohup wants: a blocked signal is reported even if it is
    // ignored.
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        sigaddset(&set, SIGHUP);
    }
    // Signals that would end the process and have no meaning here. SIGQUIT and the signals of
    // faults keep theirs: a core dump.
    const int meaningless[] = {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
                               SIGPWR, SIGSTKFLT, SIGXCPU, SIGXFSZ};
    for (size_t i = 0; i < sizeof meaningless / sizeof *meaningless; i++) {
        signal(meaningless[i], SIG_IGN);
    }
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++) signal(number, SIG_IGN);
    // The first process of a container becomes the parent of orphans. The kernel reaps them if
    // nobody wants to know how they ended.
    if (getpid() == 1) signal(SIGCHLD, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
    return result(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

int clinux_signals_read(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    // A terminal that goes away takes the program with it.
    if (info.ssi_signo == SIGHUP && info.ssi_code == SI_KERNEL) return SIGTERM;
    return (int)info.ssi_signo;
}

int clinux_waker_open(void) { return result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int clinux_waker_wake(int descriptor) {
    const uint64_t one = 1;
    return write(descriptor, &one, sizeof one) < 0 ? -errno : 0;
}

int clinux_waker_settle(int descriptor) {
    uint64_t count;
    return read(descriptor, &count, sizeof count) < 0 ? -errno : 0;
}

long clinux_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    if (limit.rlim_cur < limit.rlim_max) {
        const rlim_t soft = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) < 0) limit.rlim_cur = soft;
    }
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (long)limit.rlim_cur;
}

int clinux_grow_descriptor_table(int count) {
    int any = eventfd(0, EFD_CLOEXEC);
    if (any < 0) return -errno;
    int last = fcntl(any, F_DUPFD_CLOEXEC, count - 1);
    if (last < 0) return fail_and_close(any);
    close(last);
    close(any);
    return 0;
}

int clinux_notifier_open(void) {
    return result(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int clinux_notifier_send(int descriptor, const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length > sizeof address.sun_path) return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    ssize_t sent =
        sendto(descriptor, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    return sent < 0 ? -errno : 0;
}

int clinux_is_file(int descriptor, uint64_t device, uint64_t inode) {
    struct stat file;
    return fstat(descriptor, &file) == 0 && file.st_dev == device && file.st_ino == inode;
}

int clinux_yield_to_others(int niceness) {
    // On Linux a nice value belongs to a thread, and 0 is the calling one (setpriority(2)).
    return setpriority(PRIO_PROCESS, 0, niceness) < 0 ? -errno : 0;
}

int clinux_set_timer_slack(uint64_t nanoseconds) {
    return result(prctl(PR_SET_TIMERSLACK, (unsigned long)nanoseconds, 0, 0, 0));
}

uint64_t clinux_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t clinux_realtime_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clinux_sleep(int64_t milliseconds) {
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

void clinux_give_back_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

int clinux_clock_is_synchronized(void) {
    struct timex clock = {.modes = 0};
    int state = adjtimex(&clock);
    if (state < 0) return -errno;
    return state != TIME_ERROR && !(clock.status & STA_UNSYNC);
}

void clinux_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

static int argument_count;
static char **arguments;

// The C library hands these to constructors as it does to `main`.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}

int clinux_argument_count(void) { return argument_count; }

const char *clinux_argument(int index) { return arguments[index]; }
