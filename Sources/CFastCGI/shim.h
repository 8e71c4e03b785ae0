#ifndef PINGATE_CFASTCGI_SHIM_H
#define PINGATE_CFASTCGI_SHIM_H

#include <fcgiapp.h>

#endif
