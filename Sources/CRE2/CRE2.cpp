#include "CRE2.h"

#include <algorithm>
#include <new>
#include <re2/re2.h>
#include <re2/set.h>
#include <string>
#include <vector>

struct cre2_expression {
    RE2 expression;
};

struct cre2_set {
    RE2::Set set;
};

static re2::StringPiece piece(const uint8_t *bytes, size_t count) {
    return re2::StringPiece(reinterpret_cast<const char *>(bytes), count);
}

static void copy(const std::string &text, char *target, size_t room) {
    if (room == 0) return;
    target[text.copy(target, room - 1)] = '\0';
}

static RE2::Options options(int64_t memory) {
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(memory);
    return options;
}

cre2_expression *cre2_open(
    const uint8_t *pattern, size_t count, int64_t memory, char *error, size_t room) {
    auto *expression =
        new (std::nothrow) cre2_expression{RE2(piece(pattern, count), options(memory))};
    if (expression == nullptr) {
        copy("out of memory", error, room);
        return nullptr;
    }
    if (!expression->expression.ok()) {
        copy(expression->expression.error(), error, room);
        delete expression;
        return nullptr;
    }
    return expression;
}

size_t cre2_size(const cre2_expression *expression) {
    return static_cast<size_t>(expression->expression.ProgramSize());
}

bool cre2_finds(const cre2_expression *expression, const uint8_t *text, size_t count) {
    return RE2::PartialMatch(piece(text, count), expression->expression);
}

void cre2_close(cre2_expression *expression) { delete expression; }

cre2_set *cre2_set_open(int64_t memory) {
    return new (std::nothrow) cre2_set{RE2::Set(options(memory), RE2::UNANCHORED)};
}

bool cre2_set_add(cre2_set *set, const uint8_t *pattern, size_t count) {
    return set->set.Add(piece(pattern, count), nullptr) >= 0;
}

bool cre2_set_seal(cre2_set *set) { return set->set.Compile(); }

ptrdiff_t cre2_set_find(
    const cre2_set *set, const uint8_t *text, size_t count, uint32_t *numbers, size_t room) {
    std::vector<int> found;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (!set->set.Match(piece(text, count), &found, &error))
        return error.kind == RE2::Set::kNoError ? 0 : -1;
    auto written = std::min(found.size(), room);
    std::copy_n(found.begin(), written, numbers);
    return static_cast<ptrdiff_t>(written);
}

void cre2_set_close(cre2_set *set) { delete set; }
