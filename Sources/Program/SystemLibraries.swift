internal import Glibc
internal import HostNames

/// Keeps out libraries that the machine's configuration would load into this process. They are made for the machine's own C
/// library and OpenSSL; the program has others built in, or comes with them (`Executable.isBundled`).
enum SystemLibraries {
  /// To be called before there is a second thread.
  static func leaveAlone() {
    NameServices.useFilesAndDNS()
    // openssl.cnf may name providers and engines; an empty name means no file (config(5)). If somebody names a file, they mean it.
    if Executable.isBundled { unsafe setenv("OPENSSL_CONF", "", 0) }
  }
}
