// The part of RE2 that Hubbub needs: regular expressions that are compiled together and never take
// more than linear time. It is in C because RE2 is in C++.
#ifndef HUBBUB_CRE2_H
#define HUBBUB_CRE2_H

#if !__has_include(<re2/re2.h>)
#error "The headers of RE2 are missing. Install them with: apt-get install libre2-dev"
#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A regular expression for texts in UTF-8. It ignores case. Several threads may use it at a time.
typedef struct cre2_expression cre2_expression;

/// Compiles a pattern in UTF-8. NULL if it is wrong: then `error` is the reason, terminated and cut
/// to `room` bytes. An expression takes at most `memory` bytes, the states of its searches
/// included.
cre2_expression *_Nullable cre2_open(
    const uint8_t *_Nullable pattern, size_t count, int64_t memory, char *_Nonnull error,
    size_t room);

/// The number of instructions that it was compiled to. The longest search takes a time in
/// proportion to it and to the length of the text.
size_t cre2_size(const cre2_expression *_Nonnull expression);

/// Whether it matches somewhere in the text.
bool cre2_finds(
    const cre2_expression *_Nonnull expression, const uint8_t *_Nullable text, size_t count);

void cre2_close(cre2_expression *_Nonnull expression);

/// Expressions that are searched for together, in one pass over the text. Several threads may use
/// a set that is sealed at a time.
typedef struct cre2_set cre2_set;

/// Opens an empty set, which takes at most `memory` bytes once it is sealed, the states of its
/// searches included. NULL if there is no memory.
cre2_set *_Nullable cre2_set_open(int64_t memory);

/// Adds a pattern that `cre2_open` takes. The first has the number 0.
bool cre2_set_add(cre2_set *_Nonnull set, const uint8_t *_Nullable pattern, size_t count);

/// Compiles the patterns. False if they are too large together.
bool cre2_set_seal(cre2_set *_Nonnull set);

/// Writes the numbers of the patterns that match somewhere in the text, at most `room` of them, and
/// returns how many it wrote. Negative if the search ran out of memory.
ptrdiff_t cre2_set_find(
    const cre2_set *_Nonnull set, const uint8_t *_Nullable text, size_t count,
    uint32_t *_Nonnull numbers, size_t room);

void cre2_set_close(cre2_set *_Nonnull set);

#ifdef __cplusplus
}
#endif

#endif
#endif
