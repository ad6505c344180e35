// SQLite itself comes in through GRDB. If its header is missing, this error says what to install
// before GRDB fails on it.
#ifndef HUBBUB_CSQLITE_H
#define HUBBUB_CSQLITE_H

#if !__has_include(<sqlite3.h>)
#error "The header of SQLite is missing. Install it with: apt-get install libsqlite3-dev"
#endif

#endif
