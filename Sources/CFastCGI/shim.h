#ifndef PINGATE_CFASTCGI_SHIM_H
#define PINGATE_CFASTCGI_SHIM_H

#include <fastcgi.h>
#include <fcgiapp.h>
// Swift's Glibc module leaves it out.
#include <malloc.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// The two fields of FCGX_Request that the header asks not to use, and that PinGate sets: the descriptor and whether
// libfcgi leaves it open. They stand here in every release since 2.4.0; another layout must not compile.
_Static_assert(sizeof(FCGX_Stream *) == 8, "the offsets below are those of 64-bit systems");
_Static_assert(offsetof(FCGX_Request, ipcFd) == 48, "FCGX_Request.ipcFd has moved");
_Static_assert(offsetof(FCGX_Request, keepConnection) == 56, "FCGX_Request.keepConnection has moved");
_Static_assert(sizeof(FCGX_Request) == 80, "FCGX_Request has other fields");

// accept4(2), which sys/socket.h declares for _GNU_SOURCE only. That header is not included here, so that what it holds
// belongs to Swift's module Glibc alone.
int pingate_accept4(int listener, void *address, void *length, int flags) __asm__("accept4");

// Macros in parentheses, which Swift leaves out.
static const int pingate_top_pad = M_TOP_PAD;
static const int pingate_mxfast = M_MXFAST;
static const int pingate_trim_threshold = M_TRIM_THRESHOLD;
static const int pingate_mmap_max = M_MMAP_MAX;

#endif
