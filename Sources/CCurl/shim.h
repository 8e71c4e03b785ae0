#ifndef PINGATE_CCURL_SHIM_H
#define PINGATE_CCURL_SHIM_H

#include <curl/curl.h>

#endif
