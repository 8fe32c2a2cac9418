#include <sqlite3.h>

// Swift does not import this macro, which is a cast.
static inline sqlite3_destructor_type caravan_sqlite_transient(void) { return SQLITE_TRANSIENT; }
