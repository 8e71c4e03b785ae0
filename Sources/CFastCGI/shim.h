#ifndef PINGATE_CFASTCGI_SHIM_H
#define PINGATE_CFASTCGI_SHIM_H

#include <fastcgi.h>
#include <fcgiapp.h>
// Swift's Glibc module does not export it.
#include <malloc.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// The two fields of FCGX_Request that the header asks callers not to use, and that PinGate sets: the descriptor, and
// whether libfcgi leaves it open. They have been at these offsets in every release since 2.4.0; a different layout must
// not compile.
_Static_assert(sizeof(FCGX_Stream *) == 8, "the offsets below are those of 64-bit systems");
_Static_assert(offsetof(FCGX_Request, ipcFd) == 48, "FCGX_Request.ipcFd has moved");
_Static_assert(offsetof(FCGX_Request, keepConnection) == 56, "FCGX_Request.keepConnection has moved");
_Static_assert(sizeof(FCGX_Request) == 80, "FCGX_Request has different fields");

// accept4(2), which sys/socket.h declares only under _GNU_SOURCE. That header is not included here, so that its
// declarations come from Swift's Glibc module alone.
int pingate_accept4(int listener, void *address, void *length, int flags) __asm__("accept4");

// Swift does not import macros whose value is in parentheses.
static const int pingate_top_pad = M_TOP_PAD;
static const int pingate_mxfast = M_MXFAST;
static const int pingate_trim_threshold = M_TRIM_THRESHOLD;
static const int pingate_mmap_max = M_MMAP_MAX;

#endif
