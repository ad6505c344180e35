// SQLite itself comes in through GRDB. This says what to do where its header is missing, before
// GRDB stumbles over that.
#ifndef HUBBUB_CSQLITE_H
#define HUBBUB_CSQLITE_H

#if !__has_include(<sqlite3.h>)
#error "The header of SQLite is missing. Install it with: apt-get install libsqlite3-dev"
#endif

#endif
