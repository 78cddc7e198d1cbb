#include "lightgbm.h"
