#include "duckdb.h"
