#define _GNU_SOURCE
#include "kernel.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Descriptors of connections begin here. Smaller ones are real.
enum { FIRST_DESCRIPTOR = 1 << 24, PATIENCE_MS = 20000 };

connection *connections;
uint32_t connection_count;
int64_t awaited;
const uint8_t pong_frame[6] = {0x8A, 0x80, 1, 2, 3, 4};

// A ring of connections to report to the server.
static uint32_t *queue;
static uint32_t queue_first, queue_count;
static uint32_t backlog;
static uint64_t listener_token;
static bool has_listener;
static uint64_t clock_ns = 1000000000000;
static const uint64_t wall_clock_ns = 1800000000000000000;


// The C library's own function, for a name that is replaced here. Other libraries call some of them
// during startup, before any code of this file has run.
#define REAL(name)                                                             \
    ({                                                                         \
        static __typeof__(&name) found;                                        \
        if (!found) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);        \
        found;                                                                 \
    })

static void *shared_memory(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) fail("no memory for connections");
    return memory;
}

__attribute__((constructor)) static void load(void) {
    connections = shared_memory(MOST_CONNECTIONS * sizeof *connections);
    queue = shared_memory(MOST_CONNECTIONS * sizeof *queue);
}

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("null kernel: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    _exit(1);
}

void finish(void) {
    fflush(NULL);
    _exit(0);
}

static bool is_ours(int descriptor) { return descriptor >= FIRST_DESCRIPTOR; }

static uint32_t number_of(int descriptor) {
    uint32_t number = (uint32_t)(descriptor - FIRST_DESCRIPTOR);
    if (number >= connection_count) fail("descriptor %d was never open", descriptor);
    return number;
}

// Clients

void arrive(uint32_t count) {
    if (connection_count + backlog + count > MOST_CONNECTIONS) fail("too many connections");
    backlog += count;
}

static void enqueue(uint32_t number) {
    connection *client = &connections[number];
    if (client->isQueued || client->length == 0 || !(client->interest & EPOLLIN)) return;
    client->isQueued = true;
    queue[(queue_first + queue_count++) % MOST_CONNECTIONS] = number;
}

void say(uint32_t number, const void *bytes, uint32_t length) {
    connection *client = &connections[number];
    if (client->length > 0) fail("client %u has not been read yet", number);
    client->input = bytes;
    client->length = length;
    enqueue(number);
}

uint32_t text_frame(uint8_t *out, const char *text, uint32_t length) {
    const uint32_t key = 0x3D21FA37;
    uint32_t at = 0;
    out[at++] = 0x81;
    if (length < 126) {
        out[at++] = (uint8_t)(0x80 | length);
    } else {
        out[at++] = 0x80 | 126;
        out[at++] = (uint8_t)(length >> 8);
        out[at++] = (uint8_t)length;
    }
    for (uint32_t i = 0; i < 4; i++) out[at++] = (uint8_t)(key >> 8 * i);
    for (uint32_t i = 0; i < length; i++)
        out[at++] = (uint8_t)text[i] ^ (uint8_t)(key >> 8 * (i & 3));
    return at;
}

static bool begins(const uint8_t *bytes, size_t length, const char *start) {
    return length >= strlen(start) && memcmp(bytes, start, strlen(start)) == 0;
}

// Checks the server's bytes frame by frame. Each must be one that a client expects.
// Counts the lines of an event stream.
static void read_events(connection *client, const uint8_t *bytes, size_t count) {
    static const char mark[] = "event: message\n";
    const uint8_t *end = bytes + count;
    while ((bytes = memmem(bytes, (size_t)(end - bytes), mark, sizeof mark - 1))) {
        bytes += sizeof mark - 1;
        client->texts += 1;
        awaited -= 1;
    }
}

static void heard(uint32_t number, const uint8_t *bytes, size_t count) {
    connection *client = &connections[number];
    if (!client->isOpen) {
        // The answer to a line by a request.
        if (begins(bytes, count, "HTTP/1.1 201 ")) {
            awaited -= 1;
            return;
        }
        client->isStream = begins(bytes, count, "HTTP/1.1 200 ");
        if (!client->isStream && !begins(bytes, count, "HTTP/1.1 101 "))
            fail("client %u: %.*s", number, (int)count, (const char *)bytes);
        client->isOpen = true;
        awaited -= 1;
        const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
        if (!end) fail("client %u got half a response", number);
        count -= (size_t)(end + 4 - bytes);
        bytes = end + 4;
    }
    if (client->isStream) return read_events(client, bytes, count);
    while (count > 0) {
        size_t head = 2, length = count > 1 ? bytes[1] : 0;
        if (length == 126 && count >= 4) {
            length = (size_t)bytes[2] << 8 | bytes[3];
            head = 4;
        }
        if (head + length > count) fail("client %u got half a frame", number);
        const uint8_t *text = bytes + head;
        if (bytes[0] == 0x89) {
            client->pings += 1;
            pinged(number);
        } else if (bytes[0] == 0x81 && begins(text, length, "{\"type\":\"") &&
                   !begins(text, length, "{\"type\":\"error\"")) {
            client->texts += 1;
            awaited -= 1;
        } else {
            fail("client %u, frame %02x: %.*s", number, bytes[0], (int)length, (const char *)text);
        }
        bytes += head + length;
        count -= head + length;
    }
}

// Time

void pass(uint64_t nanoseconds) { clock_ns += nanoseconds; }

uint64_t elapsed(void) { return clock_ns; }

uint64_t processor_time(void) {
    struct timespec time;
    REAL(clock_gettime)(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    uint64_t now = clock_ns;
    switch (clock) {
    case CLOCK_REALTIME: now += wall_clock_ns; break;
    case CLOCK_MONOTONIC: break;
    default: return REAL(clock_gettime)(clock, time);
    }
    time->tv_sec = (time_t)(now / 1000000000);
    time->tv_nsec = (long)(now % 1000000000);
    return 0;
}

// The poller

int epoll_ctl(int poller, int operation, int descriptor, struct epoll_event *event) {
    if (is_ours(descriptor)) {
        connection *client = &connections[number_of(descriptor)];
        client->token = event->data.u64;
        client->interest = event->events;
        enqueue(number_of(descriptor));
        return 0;
    }
    uint64_t token = operation == EPOLL_CTL_DEL ? 0 : event->data.u64;
    // A listener has generation 0, and a number other than that of signals (0) and of the waker.
    if (token != 0 && token < UINT32_MAX) {
        if (has_listener && listener_token != token) fail("listen on one address alone");
        has_listener = true;
        listener_token = token;
        return 0;
    }
    return REAL(epoll_ctl)(poller, operation, descriptor, event);
}

static int report(struct epoll_event *events, int capacity) {
    int count = 0;
    if (backlog > 0 && has_listener)
        events[count++] = (struct epoll_event){.events = EPOLLIN, .data.u64 = listener_token};
    while (queue_count > 0 && count < capacity) {
        connection *client = &connections[queue[queue_first]];
        queue_first = (queue_first + 1) % MOST_CONNECTIONS;
        queue_count -= 1;
        client->isQueued = false;
        events[count++] = (struct epoll_event){.events = EPOLLIN, .data.u64 = client->token};
    }
    return count;
}

int epoll_wait(int poller, struct epoll_event *events, int capacity, int timeout) {
    int count = report(events, capacity);
    if (count > 0 || timeout == 0) return count;
    if (awaited < 0) fail("%lld more arrived than expected", (long long)-awaited);
    if (awaited > 0) {
        // The rest comes from another thread, that of the store.
        count = REAL(epoll_wait)(poller, events, capacity, PATIENCE_MS);
        if (count == 0) fail("%lld did not arrive", (long long)awaited);
        return count;
    }
    settled(timeout);
    return report(events, capacity);
}

// Sockets

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    (void)listener, (void)flags;
    if (backlog == 0) {
        errno = EAGAIN;
        return -1;
    }
    backlog -= 1;
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(50000)};
    peer.sin_addr.s_addr = htonl(0x0A000000 + connection_count);
    memcpy(address, &peer, sizeof peer);
    *length = sizeof peer;
    return FIRST_DESCRIPTOR + (int)connection_count++;
}

static long take(uint32_t number, void *buffer, size_t capacity) {
    connection *client = &connections[number];
    if (client->length == 0) {
        errno = EAGAIN;
        return -1;
    }
    uint32_t count = client->length < capacity ? client->length : (uint32_t)capacity;
    memcpy(buffer, client->input, count);
    client->input += count;
    client->length -= count;
    enqueue(number);
    return count;
}

static long gathered(uint32_t number, const struct msghdr *message) {
    long sum = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        heard(number, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
        sum += (long)message->msg_iov[i].iov_len;
    }
    return sum;
}

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    int descriptor = (int)a;
    switch (number) {
    case SYS_recvfrom:
        if (is_ours(descriptor)) return take(number_of(descriptor), (void *)b, (size_t)c);
        break;
    case SYS_sendto:
        if (!is_ours(descriptor)) break;
        heard(number_of(descriptor), (const uint8_t *)b, (size_t)c);
        return c;
    case SYS_sendmsg:
        if (is_ours(descriptor))
            return gathered(number_of(descriptor), (const struct msghdr *)b);
        break;
    }
    return REAL(syscall)(number, a, b, c, d, e, f);
}

int close(int descriptor) {
    if (is_ours(descriptor)) fail("client %u was closed by the server", number_of(descriptor));
    return REAL(close)(descriptor);
}

int shutdown(int descriptor, int how) {
    return is_ours(descriptor) ? 0 : REAL(shutdown)(descriptor, how);
}

int setsockopt(int descriptor, int level, int name, const void *value, socklen_t length) {
    if (is_ours(descriptor)) return 0;
    return REAL(setsockopt)(descriptor, level, name, value, length);
}

// Descriptors cost nothing here.

int getrlimit(__rlimit_resource_t resource, struct rlimit *limit) {
    if (resource != RLIMIT_NOFILE) return REAL(getrlimit)(resource, limit);
    *limit = (struct rlimit){.rlim_cur = MOST_CONNECTIONS, .rlim_max = MOST_CONNECTIONS};
    return 0;
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
    return resource == RLIMIT_NOFILE ? 0 : REAL(setrlimit)(resource, limit);
}
