import Foundation
import Testing

@testable import Program

@Suite struct `The folders of a web server` {
  private func make(_ files: [String], in folder: String) throws {
    for file in files {
      let url = URL(filePath: folder + "/" + file)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  @Test func `hold what is below them, whatever it is called by`() throws {
    try withTemporaryFolder { home in
      try make(["public_html/a/pingate.conf", "pingate/pingate.conf"], in: home)
      let files = FileManager.default
      try files.createSymbolicLink(atPath: home + "/www", withDestinationPath: "public_html")
      try files.createSymbolicLink(
        atPath: home + "/public_html/link.conf", withDestinationPath: home + "/pingate/pingate.conf")
      try files.createSymbolicLink(
        atPath: home + "/pingate/link.conf", withDestinationPath: home + "/public_html/a/pingate.conf")
      let web = WebFolders(environment: ["DOCUMENT_ROOT": home + "/www/"])
      for inside in [
        "public_html/a/pingate.conf", "www/a/pingate.conf", "pingate/../www/a/x.sqlite", "public_html/x",
        "pingate/link.conf",
        "public_html/link.conf", "public_html/../public_html/a/./pingate.conf",
      ] {
        #expect(web.folder(with: home + "/" + inside) != nil, "\(inside)")
      }
      for outside in ["pingate/pingate.conf", "public_html/../pingate.conf", "x", "public_html2/x", "nowhere/x"] {
        #expect(web.folder(with: home + "/" + outside) == nil, "\(outside)")
      }
    }
  }

  /// An additional domain's folder inside the first one's, which hands it out all the same.
  @Test func `are the account's too, whichever domain is asked for`() throws {
    try withTemporaryFolder { home in
      try make(["public_html/shop.example/x", "public_html/pingate.conf", "pingate.conf"], in: home)
      let web = WebFolders(environment: ["DOCUMENT_ROOT": home + "/public_html/shop.example"])
      #expect(web.folder(with: home + "/public_html/pingate.conf")?.hasSuffix("/public_html") == true)
      #expect(web.folder(with: home + "/public_html/shop.example/x")?.hasSuffix("/shop.example") == true)
      #expect(web.folder(with: home + "/pingate.conf") == nil)
    }
  }

  @Test(arguments: [
    ("you/public_html", "you"), ("you/public_html/shop", "you"), ("you/www/shop", "you"), ("you/www/a/shop", "you"),
    ("you/htdocs/shop", "you"), ("you/web/sub", "you"), ("you/www/public_html", "you"), ("you/Web/Sub", "you"),
    ("you/web/shop.example/public_html", "you/web/shop.example"), ("you/shop", "you"), ("you/site/public", "you/site"),
    ("you/www/html", "you"),
  ])
  func `have a folder above them that is none`(served: String, above: String) throws {
    try withTemporaryFolder { home in
      try make([served + "/x"], in: home)
      // The temporary folder may have links in its path.
      let real = URL(filePath: home).resolvingSymlinksInPath().path
      #expect(WebFolders.folder(above: home + "/" + served) == "\(real)/\(above)")
    }
  }

  @Test(arguments: ["/var", "/usr", "/etc", "/", "/nowhere/public_html"])
  func `have none above them where all that is left is the system's`(served: String) {
    #expect(WebFolders.folder(above: served) == nil)
    // The sites of a whole machine.
    #expect(WebFolders.folder(above: "/var/lib") == nil)
  }

  @Test(arguments: ["", "/", "//", "relative"]) func `are none that say nothing`(root: String) {
    #expect(WebFolders(environment: ["DOCUMENT_ROOT": root]).served.isEmpty)
    #expect(WebFolders(environment: ["CONTEXT_DOCUMENT_ROOT": root]).served.isEmpty)
  }

  @Test(arguments: [
    ("/home/you/public_html/pingate.conf", "/home/you/public_html", true),
    ("/h/Public_HTML/a/x", "/h/Public_HTML", true),
    ("/var/www/vhosts/example.com/httpdocs/x", "/var/www/vhosts/example.com/httpdocs", true),
    ("/var/www/html/x", "/var/www/html", false), ("/srv/htdocs/x", "/srv/htdocs", false),
  ])
  func `are known by their names`(file: String, folder: String, isCertain: Bool) {
    #expect(WebFolders.folder(byNameOf: file, certain: false) == folder)
    #expect(WebFolders.folder(byNameOf: file, certain: true) == (isCertain ? folder : nil))
  }

  @Test(arguments: ["/home/you/pingate/pingate.conf", "/etc/pingate/pingate.conf", "/home/you/public_html"])
  func `are not known by others`(file: String) {
    #expect(WebFolders.folder(byNameOf: file, certain: false) == nil)
  }
}

@Suite struct `Settings of a CGI program` {
  /// cPanel's two layouts: the folder for programs in the web server's folder, and beside it.
  @Test(arguments: ["public_html/cgi-bin/pingate", "cgi-bin/pingate", "pingate/bin/pingate"])
  func `are looked for above what the web server hands out`(program: String) throws {
    try withTemporaryFolder { home in
      for folder in ["public_html/cgi-bin", "cgi-bin", "pingate/bin"] {
        try FileManager.default.createDirectory(atPath: home + "/" + folder, withIntermediateDirectories: true)
      }
      let environment = ["DOCUMENT_ROOT": home + "/public_html"]
      for place in ["pingate/pingate.conf", "pingate.conf"] {
        try "PINGATE_SITE=\(place)".write(toFile: home + "/" + place, atomically: true, encoding: .utf8)
        let source = SettingsSource.usual(environment: environment, executable: home + "/" + program)
        #expect(try source.value(of: .site) == place)
      }
    }
  }

  @Test func `are not looked for above a web server's folder that the program has nothing to do with`() throws {
    try withTemporaryFolder { machine in
      for folder in ["www/html", "home/you/public_html/cgi-bin"] {
        try FileManager.default.createDirectory(atPath: machine + "/" + folder, withIntermediateDirectories: true)
      }
      try "PINGATE_SITE=theirs".write(toFile: machine + "/www/pingate.conf", atomically: true, encoding: .utf8)
      try "PINGATE_SITE=mine".write(toFile: machine + "/home/you/pingate.conf", atomically: true, encoding: .utf8)
      let source = SettingsSource.usual(
        environment: [
          "DOCUMENT_ROOT": machine + "/www/html", "CONTEXT_DOCUMENT_ROOT": machine + "/home/you/public_html",
        ], executable: machine + "/home/you/public_html/cgi-bin/pingate")
      #expect(try source.value(of: .site) == "mine")
    }
  }

  @Test func `of a site in another one's folder are looked for above both`() throws {
    try withTemporaryFolder { home in
      try FileManager.default.createDirectory(
        atPath: home + "/public_html/shop.example/cgi-bin", withIntermediateDirectories: true)
      try "PINGATE_SITE=x".write(toFile: home + "/pingate.conf", atomically: true, encoding: .utf8)
      let source = SettingsSource.usual(
        environment: ["DOCUMENT_ROOT": home + "/public_html/shop.example"],
        executable: home + "/public_html/shop.example/cgi-bin/pingate")
      #expect(source.file?.path.hasSuffix("/pingate.conf") == true)
      #expect(try source.value(of: .site) == "x")
    }
  }

  private static let complete = [
    "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
    "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
  ]

  private func problems(_ more: [String: String], at program: String) -> [SettingsProblem] {
    do throws(SettingsProblems) {
      _ = try Settings(
        SettingsSource.usual(environment: Self.complete.merging(more) { $1 }, executable: program))
      return []
    } catch {
      return error.all
    }
  }

  @Test func `secrets and store are refused in what the web server hands out`() throws {
    try withTemporaryFolder { home in
      let root = home + "/public_html"
      try FileManager.default.createDirectory(atPath: root + "/cgi-bin", withIntermediateDirectories: true)
      let program = root + "/cgi-bin/pingate"
      let cgi = ["DOCUMENT_ROOT": root]
      #expect(problems(cgi.merging(["PINGATE_STORE": "sqlite:\(home)/x.sqlite"]) { $1 }, at: program).isEmpty)
      #expect(
        problems(cgi.merging(["PINGATE_STORE": "sqlite:\(root)/x.sqlite"]) { $1 }, at: program).map(\.name) == [
          "PINGATE_STORE"
        ])

      try "x".write(toFile: root + "/cgi-bin/secret", atomically: true, encoding: .utf8)
      let secret = cgi.merging([
        "PINGATE_ALERT_SECRET_FILE": root + "/cgi-bin/secret", "PINGATE_STORE": "redis://127.0.0.1",
      ]) { $1 }
      #expect(problems(secret, at: program).map(\.name).contains("PINGATE_ALERT_SECRET_FILE"))

      // The store goes with the settings.
      try "PINGATE_SITE=x".write(toFile: root + "/pingate.conf", atomically: true, encoding: .utf8)
      let found = problems(cgi, at: program)
      #expect(found.map(\.name) == [root + "/pingate.conf", "PINGATE_STORE"])
      #expect(found.allSatisfy { $0.advice.contains("move") })
      // Where nobody says what the web server hands out, it is not refused.
      #expect(problems([:], at: program).isEmpty)

      // One that is safe does not make the other one so.
      try "PINGATE_SITE=y".write(toFile: home + "/pingate.conf", atomically: true, encoding: .utf8)
      #expect(problems(cgi, at: program).map(\.name) == [root + "/pingate.conf"])
      try FileManager.default.removeItem(atPath: root + "/pingate.conf")
      #expect(problems(cgi, at: program).isEmpty)
    }
  }
}

@Suite struct `The rights of a file with secrets` {
  private func complaint(_ mode: Int, folder folderMode: Int = 0o755, isSecret: Bool = true) throws -> String? {
    var complaint: String?
    try withTemporaryFolder { folder in
      let path = folder + "/secret"
      try Data("x".utf8).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      try FileManager.default.setAttributes([.posixPermissions: folderMode], ofItemAtPath: folder)
      complaint = FileRights.complaint(about: path, isSecret: isSecret)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    }
    return complaint
  }

  @Test(arguments: [0o600, 0o400, 0o640, 0o440, 0o700]) func `are fine for its owner and his group`(mode: Int) throws {
    #expect(try complaint(mode) == nil)
  }

  @Test(arguments: [0o644, 0o604, 0o645]) func `are too many for everybody`(mode: Int) throws {
    #expect(try complaint(mode)?.contains("chmod o-rwx") == true)
    #expect(try complaint(mode, isSecret: false) == nil)
  }

  @Test(arguments: [0o666, 0o602, 0o642]) func `are too many when everybody can change it`(mode: Int) throws {
    #expect(try complaint(mode)?.contains("chmod o-w ") == true)
    #expect(try complaint(mode, isSecret: false)?.contains("chmod o-w ") == true)
  }

  @Test(arguments: [0o700, 0o750]) func `do not matter where nobody else gets to`(mode: Int) throws {
    #expect(try complaint(0o644, folder: mode) == nil)
  }

  @Test func `are none of a file that is not there`() {
    #expect(FileRights.complaint(about: "/nowhere/secret") == nil)
  }

  @Test(arguments: [
    ("VONAGE_API_SECRET=x", true), ("PINGATE_KEY=x", true), ("PINGATE_ALERT_SECRET=x", true),
    ("PINGATE_STORE=redis://:x@127.0.0.1", true), ("PINGATE_PROXY=http://u:p@proxy.example", true),
    ("PINGATE_STORE=redis+sentinel://a/b?sentinel-password=x", true), ("VONAGE_API_KEY=x", false),
    ("PINGATE_KEY=", false), ("PINGATE_KEY_FILE=/etc/pingate/key", false), ("PINGATE_STORE=sqlite:/x", false),
    ("PINGATE_STORE=redis://127.0.0.1", false), ("", false),
  ])
  func `matter where a secret is in it`(line: String, isSecret: Bool) {
    let source = SettingsSource(environment: [:], file: ConfigurationFile(path: "f", text: line))
    #expect(source.fileHoldsSecret == isSecret)
  }
}
