internal import Glibc
internal import HostNames

/// Libraries of the machine that a configuration of the machine would have loaded into this process. They are made for its
/// own C library and its own OpenSSL; the program has others inside, or with it (`Executable.isBundled`).
enum SystemLibraries {
  /// To be called before there is a second thread.
  static func leaveAlone() {
    NameServices.useFilesAndDNS()
    // openssl.cnf may name providers and engines. Empty means none (config(5)). Somebody who names a file means it.
    if Executable.isBundled { unsafe setenv("OPENSSL_CONF", "", 0) }
  }
}
