internal import CGlibc

/// Where the C library looks for names: nsswitch.conf(5), as far as it is minded.
public enum NameServices {
  /// Has hosts looked up in `/etc/hosts` and the DNS alone, and users and groups in their files, for the whole process.
  ///
  /// Whatever else a machine is configured to ask is a library of its own that would be loaded into this process: made
  /// for the machine's C library, which need not be ours (`bundle/launcher.c`). To be called before any name is looked up,
  /// and before there is a second thread.
  public static func useFilesAndDNS() {
    // Fails for a name that is no database; these are.
    for database in ["passwd", "group", "initgroups", "services", "networks"] {
      unsafe _ = pingate_configure_lookup(database, "files")
    }
    unsafe _ = pingate_configure_lookup("hosts", "files dns")
  }
}
