// The baseline of scripts/compare: the least that a server can do for the plain format on Linux,
// with one thread and one epoll. Each line goes into one frame, and one send delivers all frames of
// a tick to a client. It has no rooms, history, limits, compression, fragments or JSON, and trusts
// its clients. Bytes for a client that can't keep up are kept up to MOST_WAITING; above that it is
// closed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENTS = 1024,          // events of one wait
    INPUT = 64 << 10,       // bytes of one read
    MOST_PARTIAL = 128 << 10,
    MOST_WAITING = 4 << 20,
    FRAME_HEAD = 10,        // the longest frame header, in bytes
};

enum state { FREE, OPENING, OPEN, ENDED };

// A growing array of bytes.
struct bytes {
    uint8_t *data;
    size_t count, capacity;
};

struct client {
    enum state state;
    uint32_t place;         // index in `members`, while OPEN
    struct bytes partial;   // an incomplete request or frame
    struct bytes waiting;   // bytes that the kernel hasn't taken
};

static struct client *clients;  // by descriptor
static int *members;            // descriptors of OPEN clients
static uint32_t member_count;
static int *ended;              // descriptors to close at the end of the tick
static uint32_t ended_count;
static struct bytes batch;      // the frames of this tick
static int poller;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void append(struct bytes *bytes, const void *data, size_t count) {
    if (bytes->count + count > bytes->capacity) {
        bytes->capacity = (bytes->count + count) * 2;
        bytes->data = realloc(bytes->data, bytes->capacity);
        if (!bytes->data) fail("realloc");
    }
    memcpy(bytes->data + bytes->count, data, count);
    bytes->count += count;
}

static void drop_first(struct bytes *bytes, size_t count) {
    bytes->count -= count;
    if (bytes->count) {
        memmove(bytes->data, bytes->data + count, bytes->count);
    } else {
        free(bytes->data);
        *bytes = (struct bytes){0};
    }
}

// Closes the client at the end of the tick, when `members` isn't being iterated.
static void end(int fd) {
    if (clients[fd].state == ENDED) return;
    clients[fd].state = ENDED;
    ended[ended_count++] = fd;
}

static void close_ended(void) {
    for (uint32_t i = 0; i < ended_count; i++) {
        int fd = ended[i];
        struct client *client = &clients[fd];
        if (member_count && members[client->place] == fd) {
            int last = members[--member_count];
            members[client->place] = last;
            clients[last].place = client->place;
        }
        free(client->partial.data);
        free(client->waiting.data);
        *client = (struct client){0};
        close(fd);
    }
    ended_count = 0;
}

static void watch(int fd, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(poller, operation, fd, &event) < 0) fail("epoll_ctl");
}

// Sends as many bytes at once as the kernel takes. The rest waits until the socket is writable.
static void send_bytes(int fd, const uint8_t *data, size_t count) {
    struct client *client = &clients[fd];
    ssize_t taken = 0;
    if (client->waiting.count == 0) {
        taken = send(fd, data, count, MSG_NOSIGNAL);
        if (taken == (ssize_t)count) return;
        if (taken < 0) {
            if (errno != EAGAIN) return end(fd);
            taken = 0;
        }
        watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }
    if (client->waiting.count + count > MOST_WAITING) return end(fd);
    append(&client->waiting, data + taken, count - (size_t)taken);
}

static void flush(int fd) {
    struct bytes *waiting = &clients[fd].waiting;
    ssize_t taken = send(fd, waiting->data, waiting->count, MSG_NOSIGNAL);
    if (taken < 0 && errno != EAGAIN) return end(fd);
    if (taken > 0) drop_first(waiting, (size_t)taken);
    if (waiting->count == 0) watch(fd, EPOLLIN, EPOLL_CTL_MOD);
}

static size_t frame_head(uint8_t *head, uint8_t opcode, size_t count) {
    head[0] = 0x80 | opcode;
    if (count < 126) {
        head[1] = (uint8_t)count;
        return 2;
    }
    head[1] = 126;
    head[2] = (uint8_t)(count >> 8);
    head[3] = (uint8_t)count;
    return 4;
}

static void unmask(uint8_t *payload, size_t count, const uint8_t key[4]) {
    uint32_t word;
    memcpy(&word, key, 4);
    uint64_t mask = (uint64_t)word << 32 | word;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t eight;
        memcpy(&eight, payload + i, 8);
        eight ^= mask;
        memcpy(payload + i, &eight, 8);
    }
    for (; i < count; i++) payload[i] ^= key[i & 3];
}

// Takes the frame at the start of `data`. Returns its length, 0 if it isn't complete, -1 if it is
// rejected.
static ssize_t take_frame(int fd, uint8_t *data, size_t count) {
    if (count < 6) return 0;
    uint8_t opcode = data[0] & 0x0F;
    size_t length = data[1] & 0x7F, offset = 2;
    if (!(data[0] & 0x80) || !(data[1] & 0x80) || length == 127) return -1;
    if (length == 126) {
        length = (size_t)data[2] << 8 | data[3];
        offset = 4;
    }
    if (count < offset + 4 + length) return 0;
    uint8_t *payload = data + offset + 4, head[FRAME_HEAD];
    unmask(payload, length, data + offset);
    size_t head_length = frame_head(head, opcode == 0x9 ? 0xA : opcode, length);
    switch (opcode) {
    case 0x1:
        append(&batch, head, head_length);
        append(&batch, payload, length);
        break;
    case 0x8:
    case 0x9:
        send_bytes(fd, head, head_length);
        if (length) send_bytes(fd, payload, length);
        if (opcode == 0x8) end(fd);
        break;
    case 0xA: break;
    default: return -1;
    }
    return (ssize_t)(offset + 4 + length);
}

// Takes the request of the opening handshake. Returns the same as take_frame.
static ssize_t take_request(int fd, uint8_t *data, size_t count) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char name[] = "\r\nsec-websocket-key:";
    uint8_t *last = memmem(data, count, "\r\n\r\n", 4);
    if (!last) return 0;
    *last = 0;
    const char *key = strcasestr((char *)data, name);
    if (!key) return -1;
    key += sizeof name - 1;
    key += strspn(key, " ");
    char joined[24 + sizeof guid], accepted[32], answer[160];
    if (strcspn(key, " \r") != 24) return -1;
    snprintf(joined, sizeof joined, "%.24s%s", key, guid);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length;
    EVP_Digest(joined, sizeof joined - 1, digest, &length, EVP_sha1(), NULL);
    EVP_EncodeBlock((uint8_t *)accepted, digest, (int)length);
    int written = snprintf(
        answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: %s\r\n\r\n", accepted);
    send_bytes(fd, (uint8_t *)answer, (size_t)written);
    if (clients[fd].state != OPENING) return -1;
    clients[fd].state = OPEN;
    clients[fd].place = member_count;
    members[member_count++] = fd;
    return last + 4 - data;
}

// Takes everything that is complete, and returns its number of bytes.
static size_t take(int fd, uint8_t *data, size_t count) {
    size_t offset = 0;
    while (offset < count && clients[fd].state != ENDED) {
        ssize_t taken = clients[fd].state == OPENING
            ? take_request(fd, data + offset, count - offset)
            : take_frame(fd, data + offset, count - offset);
        if (taken < 0) end(fd);
        if (taken <= 0) break;
        offset += (size_t)taken;
    }
    return offset;
}

static void receive(int fd) {
    static uint8_t input[INPUT];
    struct bytes *partial = &clients[fd].partial;
    ssize_t count = recv(fd, input, sizeof input, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) end(fd);
        return;
    }
    if (partial->count) {
        append(partial, input, (size_t)count);
        size_t taken = take(fd, partial->data, partial->count);
        if (taken) drop_first(partial, taken);
    } else {
        size_t taken = take(fd, input, (size_t)count);
        if (taken < (size_t)count) append(partial, input + taken, (size_t)count - taken);
    }
    if (partial->count > MOST_PARTIAL) end(fd);
}

static void accept_all(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        clients[fd].state = OPENING;
        watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0
        || listen(listener, SOMAXCONN) < 0
        || getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) fail("setrlimit");
    clients = calloc(limit.rlim_cur, sizeof *clients);
    members = calloc(limit.rlim_cur, sizeof *members);
    ended = calloc(limit.rlim_cur, sizeof *ended);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!clients || !members || !ended || poller < 0) fail("start");
    int listener = listen_on_loopback();
    watch(listener, EPOLLIN, EPOLL_CTL_ADD);
    struct epoll_event events[EVENTS];
    while (true) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        if (count < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_all(fd);
                continue;
            }
            if (events[i].events & EPOLLOUT && clients[fd].state != ENDED) flush(fd);
            if (events[i].events & ~(uint32_t)EPOLLOUT && clients[fd].state != ENDED) receive(fd);
        }
        for (uint32_t i = 0; batch.count && i < member_count; i++)
            if (clients[members[i]].state == OPEN) send_bytes(members[i], batch.data, batch.count);
        batch.count = 0;
        close_ended();
    }
}
