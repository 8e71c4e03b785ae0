#ifndef PINGATE_CGLIBC_H
#define PINGATE_CGLIBC_H

// What Swift's Glibc module leaves out of the C library.

// Where names are looked up (__nss_configure_lookup).
#include <nss.h>
// What the kernel and the loader told this process (getauxval(3)).
#include <sys/auxv.h>

// The words that the process was started with, ended with NULL, for as long as it lives.
char *const *pingate_arguments(void);

#endif
