import CUtf8proc

extension TextWidth {
  /// The version of utf8proc, whose tables the widths come from.
  public static var libraryVersion: String { String(cString: utf8proc_version()) }
}
