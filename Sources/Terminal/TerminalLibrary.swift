import CNcurses

/// Facts about the terminal library that can be told without taking the terminal over.
public enum TerminalLibrary {
  /// Such as `6.4.20221231`.
  public static var version: String {
    let text = String(cString: nc_version())
    return text.split(separator: " ").last.map(String.init) ?? text
  }

  /// The colours of the terminal by its terminfo entry, nil where there is none.
  public static var terminfoColors: Int? {
    let colors = Int(nc_terminfo_colors())
    return colors < 0 ? nil : colors
  }
}
