#include "CGlibc.h"

#include <resolv.h>

int pingate_hurry_resolver(void) {
  // At most once: if called a second time, glibc rereads its configuration and forgets what is set here.
  if (!(_res.options & RES_INIT) && res_init() != 0) return -1;
  _res.retrans = 1;
  _res.retry = 1;
  return 0;
}
