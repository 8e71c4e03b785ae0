internal import CGlibc

/// Where the C library looks up names: the part of nsswitch.conf(5) that PinGate overrides.
public enum NameServices {
  /// Has hosts looked up only in `/etc/hosts` and the DNS, and users and groups only in their files, for the whole
  /// process.
  ///
  /// Any other source that a machine is configured to use is a library that would be loaded into this process, built
  /// for the machine's C library, which need not be ours (`bundle/launcher.c`). Call it before any name is looked up,
  /// and before there is a second thread.
  public static func useFilesAndDNS() {
    // It fails only for an unknown database name; these are known.
    for database in ["passwd", "group", "initgroups", "services", "networks"] {
      unsafe _ = pingate_configure_lookup(database, "files")
    }
    unsafe _ = pingate_configure_lookup("hosts", "files dns")
  }
}
