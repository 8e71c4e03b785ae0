#include "CGlibc.h"

#include <resolv.h>

int pingate_hurry_resolver(int searches) {
  // Once only: after a second time glibc reads its configuration anew, and forgets what is set here.
  if (!(_res.options & RES_INIT) && res_init() != 0) return -1;
  _res.retrans = 1;
  _res.retry = 1;
  const unsigned long searching = RES_DNSRCH | RES_DEFNAMES;
  _res.options = searches ? _res.options | searching : _res.options & ~searching;
  return 0;
}
